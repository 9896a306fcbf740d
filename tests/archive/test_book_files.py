"""The archive book on paper and in a spreadsheet."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.utils import translation
from pypdf import PdfReader

from archive.models import AuditEvent, Book, BookEntry, CategoryList
from archive.services import records
from archive.services.keeping import book, book_files
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.keeping import RUZA

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(officer: Officer) -> Book:
    """Bring a book of two years, with a cancelled entry and one whose records are gone."""
    CategoryList.objects.update(consent_number="02-15/2024", consent_on=date(2024, 2, 1))
    filed = [
        records.file(cases.filing(decided_on=date(year, 5, 6), **said), by=officer)
        for year in (2024, 2025)
        for said in ({}, {"certificates": (), "state": "refused"})
    ]
    for year in (2024, 2025):
        book.close("BG-01", year, by=RUZA)
    first = BookEntry.objects.get(number=1)
    book.annotate(first.pk, "Архивски депо 1, полица 3", "=1+1", by=RUZA)
    book.cancel(BookEntry.objects.get(number=4).pk, "Погрешна година", by=RUZA)
    book.destroyed([filed[0]], "3/2042", date(2042, 2, 5), by=RUZA)
    return Book.objects.get()


def test_the_printed_book_has_the_forms_columns(written: Book) -> None:
    with translation.override("en"):
        file = book_files.printed(written, None, by=RUZA)
    reader = PdfReader(BytesIO(file.data))
    (page,) = reader.pages
    assert page.mediabox.width > page.mediabox.height
    assert b"pdfaid:part" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    text = " ".join(page.extract_text().split()).replace("‐ ", "")
    for told in (
        "АРХИВСКА КЊИГА",
        "ПС Савски венац (BG-01)",
        "02-15/2024 од 01.02.2024.",
        "10 година",
        "1 спис / 0,01 m",
        "Архивски депо 1, полица 3",
        "3/2042 од 05.02.2042. (1 спис)",
        "Сторнирано",
        "(Погрешна година)",
    ):
        assert told in text
    assert file.name == "ak-bg-01.pdf"
    event = AuditEvent.objects.get(event="book.taken")
    assert (event.actor, event.facts) == ("ruza", {"form": "pdf", "year": None})


def test_the_table_is_the_same_in_a_spreadsheet(written: Book) -> None:
    with translation.override("sr"):
        csv = book_files.table(written, 2024, "csv", by=RUZA).data.decode("utf-8-sig")
        xlsx = book_files.table(written, None, "xlsx", by=RUZA).data
    first = csv.splitlines()[1].split(";")
    assert (first[0], first[2], first[10]) == ("1", "2024", "'=1+1")
    sheet = openpyxl.load_workbook(BytesIO(xlsx)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows[0]) == 11
    assert [row[0] for row in rows] == ["Редни број", 1, 2, 3, 4, None]
    assert sheet["K2"].data_type == "s"

"""The archive book: filed into, closed by years, cancelled with a reason, struck by acts."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from archive.models import AuditEvent, Book, BookEntry, Place, Record
from archive.queries import book as found
from archive.services import records, refusals
from archive.services.keeping import applying, book, keeping_refusals
from tests.archive import cases, keeping
from tests.archive.conftest import Officer
from tests.archive.keeping import RUZA

pytestmark = pytest.mark.django_db

Row = tuple[int | None, int, str, int]


def filed(officer: Officer, year: int, office: str = "BG-01", **said: object) -> Record:
    decided = {"decided_on": date(year, 12, 31), "office_code": office}
    return records.file(cases.filing(**decided, **said), by=officer)


def refused(officer: Officer, year: int) -> Record:
    return filed(officer, year, certificates=(), state="refused")


def rows(office: str = "BG-01") -> list[Row]:
    lines = found.lines(Book.objects.get(office_code=office))
    return [(each.number, each.year, each.mark, each.pieces) for each in lines]


def test_filing_adds_to_the_entry_of_its_year_and_category(officer: Officer) -> None:
    for _turn in range(2):
        filed(officer, 2025)
    refused(officer, 2025)
    filed(officer, 2024)
    filed(officer, 2025, "NS-02")
    assert rows() == [
        (None, 2024, "КЕС-1", 1),
        (None, 2025, "КЕС-1", 2),
        (None, 2025, "КЕС-4", 1),
    ]
    assert rows("NS-02") == [(None, 2025, "КЕС-1", 1)]


def test_filing_twice_counts_once(officer: Officer) -> None:
    filing = cases.filing()
    for _twice in range(2):
        records.file(filing, by=officer)
    assert rows() == [(None, 2026, "КЕС-1", 1)]


def test_numbers_go_on_across_the_years_of_an_office(officer: Officer) -> None:
    filed(officer, 2025)
    refused(officer, 2024)
    filed(officer, 2024)
    filed(officer, 2024, "NS-02")
    assert book.close("BG-01", 2024, by=RUZA) == 2
    assert book.close("NS-02", 2024, by=RUZA) == 1
    assert book.close("BG-01", 2025, by=RUZA) == 1
    late = filed(officer, 2024)
    assert rows() == [
        (1, 2024, "КЕС-1", 1),
        (2, 2024, "КЕС-4", 1),
        (3, 2025, "КЕС-1", 1),
        (None, 2024, "КЕС-1", 1),
    ]
    assert found.not_entered([late]) == [late]
    book.close("BG-01", 2024, by=RUZA)
    assert rows()[-1] == (4, 2024, "КЕС-1", 1)
    assert rows("NS-02") == [(1, 2024, "КЕС-1", 1)]
    told = AuditEvent.objects.filter(event="book.close", subject="book BG-01")
    assert [each.facts["entries"] for each in told.order_by("number")] == [
        [[1, "КЕС-1", 1], [2, "КЕС-4", 1]],
        [[3, "КЕС-1", 1]],
        [[4, "КЕС-1", 1]],
    ]


def test_a_year_is_closed_when_it_is_over_and_holds_something(officer: Officer) -> None:
    filed(officer, 2025)
    for year, error in (
        (2199, keeping_refusals.YearNotOverError),
        (2020, keeping_refusals.NothingToCloseError),
    ):
        with pytest.raises(error):
            book.close("BG-01", year, by=RUZA)
    refusals = AuditEvent.objects.filter(event="book.close.refused").order_by("number")
    assert [each.facts for each in refusals] == [
        {"reason": "year not over", "year": 2199},
        {"reason": "nothing to close", "year": 2020},
    ]


def test_a_cancelled_entry_keeps_its_number_and_its_records_get_another(officer: Officer) -> None:
    record = filed(officer, 2025)
    book.close("BG-01", 2025, by=RUZA)
    entry = BookEntry.objects.get()
    with pytest.raises(refusals.ReasonMissingError):
        book.cancel(entry.pk, " ", by=RUZA)
    book.cancel(entry.pk, "Погрешна година", by=RUZA)
    with pytest.raises(keeping_refusals.NotNumberedError):
        book.cancel(entry.pk, "again", by=RUZA)
    assert rows() == [(1, 2025, "КЕС-1", 1), (None, 2025, "КЕС-1", 1)]
    record.refresh_from_db()
    assert found.not_entered([record]) == [record]
    book.close("BG-01", 2025, by=RUZA)
    assert rows()[-1] == (2, 2025, "КЕС-1", 1)
    assert found.not_entered([Record.objects.get()]) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        BookEntry.objects.filter(number=2).update(number=1)


def test_what_is_destroyed_is_written_once(officer: Officer) -> None:
    kept, gone = filed(officer, 2025), filed(officer, 2025)
    with pytest.raises(keeping_refusals.NotEnteredError) as caught:
        book.destroyed([gone], "3/2042", date(2042, 2, 5), by=RUZA)
    assert caught.value.facts == {"records": gone.file_number}
    book.close("BG-01", 2025, by=RUZA)
    for record in (gone, gone, kept):
        book.destroyed([record], "3/2042", date(2042, 2, 5), by=None)
    (line,) = found.lines(Book.objects.get())
    assert (line.acts, line.pieces, line.gone) == (
        ("3/2042 од 05.02.2042. (2 списа)",),
        2,
        2,
    )
    with pytest.raises(keeping_refusals.StruckError):
        book.cancel(line.entry.pk, "late", by=RUZA)


def test_a_new_list_moves_what_is_open_and_remarks_what_is_numbered(officer: Officer) -> None:
    filed(officer, 2024)
    filed(officer, 2025)
    filed(officer, 2025)
    book.close("BG-01", 2024, by=RUZA)
    keeping.second(12)
    running = applying.start("нова листа", by=RUZA)
    while applying.go_on(running.pk):
        pass
    lines = found.lines(Book.objects.get())
    told = [(each.number, each.years, each.consent, each.pieces, each.remark) for each in lines]
    assert told == [
        (1, 10, "", 1, "по листи 2: КЕС-1"),
        (None, 12, "02-15/2026 од 01.02.2026.", 2, ""),
    ]
    book.close("BG-01", 2025, by=RUZA)
    assert BookEntry.objects.count() == 2  # what was emptied is gone


def test_columns_nine_and_eleven_are_written_and_kept_in_the_log(officer: Officer) -> None:
    filed(officer, 2025)
    entry = BookEntry.objects.get()
    for place in ("Архива 1, полица 3", "Архива 2"):
        book.annotate(entry.pk, place, "непотпуно", by=RUZA)
    (line,) = found.lines(Book.objects.get())
    assert (line.place, line.remark) == ("Архива 2", "непотпуно")
    last = AuditEvent.objects.filter(event="book.annotate").order_by("number").last()
    assert last is not None
    assert last.facts["before"] == ["Архива 1, полица 3", "непотпуно"]


def test_column_nine_says_where_the_folders_lie(officer: Officer) -> None:
    room = Place.objects.create(kind="room", name="Архива 1", code="R1", office_code="BG-01")
    shelf = Place.objects.create(kind="shelf", name="Полица 3", code="S1", parent=room)
    for place in (shelf, shelf, room):
        record = filed(officer, 2025)
        Record.objects.filter(pk=record.pk).update(place=place)
    BookEntry.objects.update(place="и у писарници")
    (line,) = found.lines(Book.objects.get())
    assert line.place.splitlines() == ["и у писарници", "Архива 1", "Архива 1 / Полица 3"]


def test_quantity_in_metres(officer: Officer) -> None:
    filed(officer, 2025)
    BookEntry.objects.update(pieces=532)
    (line,) = found.lines(Book.objects.get())
    assert line.metres == 2.66
    with translation.override("en"):
        assert line.entry.category.mark == "КЕС-1"

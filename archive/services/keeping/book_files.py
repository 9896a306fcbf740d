"""The arhivska knjiga on its way out: printed as the form AK, or as a table; each is logged."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archive import printing, spreadsheets
from archive.models import Book
from archive.queries import book as found
from archive.queries.book import Line
from archive.services import audit
from archive.spreadsheets import Column

COLUMNS = (
    (gettext_lazy("Running number"), 10),
    (gettext_lazy("Date of entry"), 13),
    (gettext_lazy("Year of origin"), 10),
    (gettext_lazy("Content"), 40),
    (gettext_lazy("Classification mark"), 14),
    (gettext_lazy("Term of keeping"), 14),
    (gettext_lazy("Consent to the list"), 20),
    (gettext_lazy("Quantity"), 20),
    (gettext_lazy("Room and shelf"), 26),
    (gettext_lazy("Record of destruction or handover"), 26),
    (gettext_lazy("Remark"), 26),
)
"""The form's eleven columns (archive law 6/2020, form AK) in its order, and how wide in a sheet."""


@dataclass(frozen=True)
class BookFile:
    """The book as somebody takes it away."""

    name: str
    media_type: str
    data: bytes


def printed(book: Book, year: int | None, *, by: audit.Actor) -> BookFile:
    """Return the numbered entries as PDF/A, in the language of the papers."""
    with translation.override("sr"):
        lines = found.lines(book, year, numbered=True)
        context = {
            "book": book,
            "year": year,
            "lines": [(line, cells(line)) for line in lines],
            "today": timezone.localdate(),
            "wide": range(1, len(COLUMNS) + 1),
        }
        data = printing.lasting(render_to_string("archive/print/book.html", context))
    return _out(book, year, "pdf", BookFile(_name(book, year, "pdf"), "application/pdf", data), by)


def table(book: Book, year: int | None, form: str, *, by: audit.Actor) -> BookFile:
    """Return what the page shows as "csv" or "xlsx", in the reader's language."""
    rows = [cells(line, plain=True) for line in found.lines(book, year)]
    columns = [Column(str(title), width) for title, width in COLUMNS]
    made = spreadsheets.written(form, _("Archive book"), columns, rows)
    file = BookFile(_name(book, year, form), spreadsheets.TYPES[form], b"".join(made))
    return _out(book, year, form, file, by)


def cells(line: Line, *, plain: bool = False) -> list[Any]:
    """Return the eleven columns; `plain` leaves numbers and days to the spreadsheet."""
    entered = line.entered_on
    return [
        line.number if plain else line.number or "",
        entered if plain else (f"{entered:%d.%m.%Y.}" if entered else ""),
        line.year,
        line.content,
        line.mark,
        term(line),
        line.consent,
        quantity(line),
        line.place,
        "\n".join(line.acts),
        line.remark,
    ]


def term(line: Line) -> str:
    if line.years is None:
        return _("permanently")
    return ngettext("%(count)d year", "%(count)d years", line.years) % {"count": line.years}


def quantity(line: Line) -> str:
    pieces = ngettext("%(count)d record", "%(count)d records", line.pieces)
    metres = formats.number_format(line.metres, decimal_pos=2)
    return f"{pieces % {'count': line.pieces}} / {metres} m"


def _name(book: Book, year: int | None, suffix: str) -> str:
    return f"{slugify('-'.join(filter(None, ['ak', book.office_code, str(year or '')])))}.{suffix}"


def _out(book: Book, year: int | None, form: str, file: BookFile, by: audit.Actor) -> BookFile:
    facts = {"form": form, "year": year}
    with audit.transaction():
        audit.append("book.taken", subject=f"book {book}", by=by, facts=facts)
    return file

"""Questions to the arhivska knjiga: whose books, which years, the form's eleven columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.models import Book, BookEntry, BookStrike, Place, Record
from archive.queries import Viewer, offices


@dataclass(frozen=True)
class Line:
    """An entry as the form AK writes it; what is not there yet is empty."""

    entry: BookEntry
    number: int | None
    entered_on: date | None
    year: int
    content: str
    mark: str
    years: int | None  # None: permanently
    consent: str
    pieces: int
    metres: float
    place: str
    acts: tuple[str, ...]
    remark: str
    gone: int  # pieces that were destroyed or handed over


@dataclass(frozen=True)
class Year:
    """A year of origin, and how many of its entries wait for their number."""

    year: int
    entries: int
    waiting: int


def visible_to(viewer: Viewer) -> QuerySet[Book]:
    """Return the books that a viewer may open: of every office, or of their own."""
    return offices.visible(Book.objects.all(), viewer)


def years(book: Book) -> list[Year]:
    """Return the years of origin that a book speaks of, the latest first."""
    rows = book.entries.order_by().values_list("year", "number", "pieces")
    found: dict[int, list[bool]] = {}
    for year, number, pieces in rows:
        if number or pieces:
            found.setdefault(year, []).append(number is None)
    return [Year(year, len(waits), sum(waits)) for year, waits in sorted(found.items())[::-1]]


def lines(book: Book, year: int | None = None, *, numbered: bool = False) -> list[Line]:
    """Return the entries of a book in their order, those without a number last."""
    entries = book.entries.exclude(number=None, pieces=0).select_related("category__list")
    if year is not None:
        entries = entries.filter(year=year)
    if numbered:
        entries = entries.exclude(number=None)
    rows = sorted(entries, key=_place_in_book)
    acts, places = _acts(rows), _places(rows)
    return [_line(each, acts.get(each.pk, []), places.get(each.pk, [])) for each in rows]


def not_entered(records: Iterable[Record]) -> list[Record]:
    """Return those of the records that stand in no numbered entry: they may not be destroyed."""
    rows = list(records)
    named = BookEntry.objects.filter(pk__in={each.book_entry_id for each in rows})
    numbered = named.exclude(number=None).filter(cancelled_on=None)
    entered = set(numbered.values_list("pk", flat=True))
    return [each for each in rows if each.book_entry_id not in entered]


def _place_in_book(entry: BookEntry) -> tuple[bool, int, int, str]:
    return entry.number is None, entry.number or 0, entry.year, entry.category.mark


def _acts(entries: list[BookEntry]) -> dict[int, list[dict[str, Any]]]:
    """Return, by entry, each act and how many pieces went by it."""
    struck = BookStrike.objects.filter(entry__in=entries).order_by("act_date", "act_number")
    grouped = struck.values("entry", "act_number", "act_date").annotate(pieces=Count("id"))
    acts: dict[int, list[dict[str, Any]]] = {}
    for row in grouped:
        acts.setdefault(row["entry"], []).append(dict(row))
    return acts


def _places(entries: list[BookEntry]) -> dict[int, list[str]]:
    """Return, by entry, where its folders lie."""
    lying = Record.objects.filter(book_entry__in=entries).exclude(place=None).order_by()
    pairs = set(lying.values_list("book_entry", "place"))
    named = Place.objects.filter(pk__in={place for _entry, place in pairs})
    paths = {each.pk: each.path for each in named.select_related("parent__parent__parent")}
    places: dict[int, list[str]] = {}
    for entry, place in pairs:
        places.setdefault(entry, []).append(paths[place])
    return places


def _line(entry: BookEntry, acts: list[dict[str, Any]], places: list[str]) -> Line:
    category = entry.category
    return Line(
        entry=entry,
        number=entry.number,
        entered_on=entry.entered_on,
        year=entry.year,
        content=category.name,
        mark=category.mark,
        years=category.years,
        consent=_consent(entry),
        pieces=entry.pieces,
        metres=round(entry.pieces * int(str(settings.OVERA["FOLDER_MM"])) / 1000, 2),
        place="\n".join(filter(None, [entry.place, *sorted(places)])),
        acts=tuple(_act(each) for each in acts),
        remark=_remark(entry),
        gone=sum(each["pieces"] for each in acts),
    )


def _consent(entry: BookEntry) -> str:
    named = entry.category.list
    if not named.consent_on:
        return named.consent_number
    return _("%(number)s of %(day)s") % {
        "number": named.consent_number,
        "day": _day(named.consent_on),
    }


def _act(act: dict[str, Any]) -> str:
    said = _("%(number)s of %(day)s") % {"number": act["act_number"], "day": _day(act["act_date"])}
    pieces = ngettext("%(count)d record", "%(count)d records", act["pieces"])
    return f"{said} ({pieces % {'count': act['pieces']}})"


def _remark(entry: BookEntry) -> str:
    if not entry.cancelled_on:
        return entry.remark
    told = {"day": _day(entry.cancelled_on), "reason": entry.cancelled_reason}
    return "\n".join(filter(None, (_("Cancelled on %(day)s: %(reason)s") % told, entry.remark)))


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y.}"

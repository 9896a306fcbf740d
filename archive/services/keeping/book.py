"""Writing the arhivska knjiga: filing adds to it, closing a year numbers it, nothing leaves it.

Locks are taken in one order by everybody: records, then the books, then their entries. Who changes
more than one entry locks the book before.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from archive.filing import Filing
from archive.models import Book, BookEntry, BookStrike, Category, Record
from archive.queries import book as found
from archive.services import audit, refusals
from archive.services.keeping import keeping_refusals
from archive.services.refusals import logged


def open_entry(filing: Filing, category: Category) -> BookEntry:
    """Add a case that is being filed to the entry of its office, category and year of origin."""
    named = {"office_name": filing.office_name}
    book, _new = Book.objects.get_or_create(office_code=filing.office_code, defaults=named)
    return add(book, category, filing.decided_on.year)


def lock(which: Q) -> list[Book]:
    """Lock books, for whoever is going to change several of their entries."""
    rows = Book.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(which).order_by("pk"))


def add(book: Book, category: Category, year: int, pieces: int = 1) -> BookEntry:
    """Add to the open entry, to another one where it was closed meanwhile.

    The database counts, so nobody's record is lost. The row stays locked until the end of the
    caller's transaction: who closes the year waits for it.
    """
    while True:
        entry, _new = BookEntry.objects.get_or_create(
            book=book, category=category, year=year, number=None
        )
        still_open = BookEntry.objects.filter(pk=entry.pk, number=None)
        if still_open.update(pieces=F("pieces") + pieces):
            return entry


def move(record: Record, category: Category) -> None:
    """Let a locked record stand where its new category stands; a numbered entry is not touched."""
    entry = record.book_entry
    if entry is None:
        named = {"office_name": record.office_name}
        book, _new = Book.objects.get_or_create(office_code=record.office_code, defaults=named)
        record.book_entry = add(book, category, record.decided_on.year)
    elif BookEntry.objects.filter(pk=entry.pk, number=None).update(pieces=F("pieces") - 1):
        record.book_entry = add(entry.book, category, entry.year)


def close(office_code: str, year: int, *, by: audit.Actor) -> int:
    """Give numbers to what an office has of a year that is over; return to how many entries.

    What is filed of that year later opens another entry. Raises RefusedError.
    """
    with logged("book.close", subject=_subject(office_code), by=by):
        today = timezone.localdate()
        if year >= today.year:
            raise keeping_refusals.YearNotOverError(year=year)
        (book,) = lock(Q(office_code=office_code))
        entries = _waiting(book, year)
        if not entries:
            raise keeping_refusals.NothingToCloseError(year=year)
        for entry in entries:
            book.last += 1
            entry.number, entry.entered_on = book.last, today
            entry.save(update_fields=["number", "entered_on"])
        book.save(update_fields=["last"])
        told = [[each.number, each.category.mark, each.pieces] for each in entries]
        facts = {"year": year, "entries": told}
        audit.append("book.close", subject=_subject(office_code), by=by, facts=facts)
    return len(entries)


def _waiting(book: Book, year: int) -> list[BookEntry]:
    """Lock and return the entries that get a number; those that were emptied go."""
    rows = BookEntry.objects.select_for_update(of=("self",), no_key=True)
    waiting = rows.select_related("category").filter(book=book, year=year, number=None)
    entries = list(waiting.order_by("category__list", "category__position"))
    BookEntry.objects.filter(pk__in=[each.pk for each in entries], pieces=0).delete()
    return [each for each in entries if each.pieces]


def cancel(number: int, reason: str, *, by: audit.Actor) -> None:
    """Cancel a numbered entry (storno): its number stays, its records wait for another one.

    `number` is the row's. Raises RefusedError.
    """
    with logged("book.cancel", subject=f"entry {number}", by=by):
        if not reason.strip():
            raise refusals.ReasonMissingError
        of_entry = Record.objects.filter(book_entry=number)
        list(of_entry.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        lock(Q(entries=number))
        entry = _locked(number)
        _require_cancellable(entry)
        entry.cancelled_on, entry.cancelled_by = timezone.localdate(), by.get_username()
        entry.cancelled_reason = reason.strip()
        entry.save()
        _enter_again(entry, of_entry)
        facts = {"number": entry.number, "year": entry.year, "reason": reason.strip()}
        audit.append("book.cancel", subject=_subject(entry.book), by=by, facts=facts)


def _require_cancellable(entry: BookEntry) -> None:
    if entry.number is None or entry.cancelled_on:
        raise keeping_refusals.NotNumberedError
    if entry.strikes.exists():
        raise keeping_refusals.StruckError(number=entry.number)


def _enter_again(entry: BookEntry, records: QuerySet[Record]) -> None:
    for category in Category.objects.filter(pk__in=records.order_by().values("category")):
        of_category = records.filter(category=category)
        again = add(entry.book, category, entry.year, of_category.count())
        of_category.update(book_entry=again)


def annotate(number: int, place: str, remark: str, *, by: audit.Actor) -> None:
    """Write columns 9 and 11 of an entry; what stood there before is in the log."""
    with audit.transaction():
        entry = _locked(number)
        before = [entry.place, entry.remark]
        entry.place, entry.remark = place.strip(), remark.strip()
        entry.save(update_fields=["place", "remark"])
        facts = {"entry": entry.pk, "before": before, "now": [entry.place, entry.remark]}
        audit.append("book.annotate", subject=_subject(entry.book), by=by, facts=facts)


def destroyed(
    records: Iterable[Record], act_number: str, act_date: date, *, by: audit.Actor | None
) -> None:
    """Write column 10: these records are gone by an act. Told again, it changes nothing.

    May be called inside of the transaction that erases them. Raises NotEnteredError where one
    stands in no numbered entry; ask `queries.book.not_entered` before anything is destroyed.
    """
    rows = list(records)
    missing = [each.file_number for each in found.not_entered(rows)]
    if missing:
        raise keeping_refusals.NotEnteredError(records=", ".join(missing))
    strikes = [
        BookStrike(
            entry=each.book_entry,
            file_number=each.file_number,
            act_number=act_number,
            act_date=act_date,
        )
        for each in rows
        if each.book_entry
    ]
    with audit.transaction():
        BookStrike.objects.bulk_create(strikes, ignore_conflicts=True)
        struck = Counter(str(each.book_entry_id) for each in rows)
        facts = {"act": act_number, "on": act_date.isoformat(), "entries": dict(struck)}
        audit.append("book.destroyed", subject="book", by=by, facts=facts)


def _locked(number: int) -> BookEntry:
    rows = BookEntry.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("book", "category").get(pk=number)


def _subject(office: object) -> str:
    return f"book {office}"

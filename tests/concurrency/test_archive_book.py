"""The archive book counts everybody, whoever files and closes at once."""

from functools import partial

import pytest

from archive.models import AuditEvent, Book, BookEntry, Record
from archive.services import audit, book, records
from registration.models import User
from tests.archive import cases
from tests.concurrency.at_once import at_once, just_before
from tests.concurrency.outcomes import refused

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


def file(by: User, year: int = 2025) -> Record:
    decided_on = cases.START.date().replace(year=year)
    filing = cases.filing(certificates=(), state="refused", decided_on=decided_on)
    return records.file(filing, by=by)


def test_filings_at_once_are_all_counted(officer: User, colleague: User) -> None:
    outcomes = at_once(*(partial(file, (officer, colleague)[turn % 2]) for turn in range(MANY)))
    assert refused(outcomes) == []
    assert BookEntry.objects.get().pieces == MANY


def test_what_is_filed_while_the_year_is_closed_is_in_one_entry_or_the_next(
    officer: User, colleague: User
) -> None:
    file(officer)
    acts = [partial(file, officer)] * MANY
    outcomes = at_once(*acts[:3], partial(book.close, "BG-01", 2025, by=colleague), *acts[3:])
    assert refused(outcomes) == []
    assert sum(BookEntry.objects.values_list("pieces", flat=True)) == MANY + 1
    counted = {each.pk: each.records.count() for each in BookEntry.objects.all()}
    assert counted == dict(BookEntry.objects.values_list("pk", "pieces"))
    closed = AuditEvent.objects.get(event="book.close").facts["entries"]
    numbered = BookEntry.objects.filter(number__isnull=False)
    assert closed == [[each.number, each.category.mark, each.pieces] for each in numbered]


def test_a_year_closed_twice_at_once_is_numbered_once(officer: User, colleague: User) -> None:
    file(officer)
    close = [partial(book.close, "BG-01", 2025, by=by) for by in (officer, colleague)]
    outcomes = at_once(*close)
    assert [each for each in outcomes if each == 1] == [1]
    assert (Book.objects.get().last, BookEntry.objects.get().number) == (1, 1)


def test_two_years_closed_at_once_share_no_number(officer: User, colleague: User) -> None:
    file(officer, 2024)
    file(officer)
    assert at_once(
        partial(book.close, "BG-01", 2024, by=officer),
        partial(book.close, "BG-01", 2025, by=colleague),
    ) == [1, 1]
    assert set(BookEntry.objects.values_list("number", flat=True)) == {1, 2}


def test_what_is_added_just_after_the_year_was_closed_is_in_another_entry(officer: User) -> None:
    closed = file(officer).book_entry
    assert closed

    def add() -> BookEntry:
        with audit.transaction():
            return book.add(closed.book, closed.category, closed.year)

    _closed, added = just_before(partial(book.close, "BG-01", 2025, by=officer), add)
    assert (added.number, added.pk == closed.pk) == (None, False)
    assert list(BookEntry.objects.order_by("pk").values_list("pieces", flat=True)) == [1, 1]

"""The archive book counts everybody, whoever files and closes at once."""

from functools import partial

import pytest

from archive.models import Book, BookEntry, Record
from archive.services import book, records
from registration.models import User
from tests.archive import cases
from tests.concurrency.at_once import at_once
from tests.concurrency.outcomes import refused

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


def file(turn: int, by: User) -> Record:
    filing = cases.filing(
        certificates=(), state="refused", decided_on=cases.START.date().replace(year=2025)
    )
    return records.file(filing, by=by)


def test_filings_at_once_are_all_counted(officer: User, colleague: User) -> None:
    outcomes = at_once(
        *(partial(file, turn, (officer, colleague)[turn % 2]) for turn in range(MANY))
    )
    assert refused(outcomes) == []
    assert BookEntry.objects.get().pieces == MANY


def test_what_is_filed_while_the_year_is_closed_is_in_one_entry_or_the_next(
    officer: User, colleague: User
) -> None:
    file(0, officer)
    acts = [partial(file, turn, officer) for turn in range(MANY)]
    outcomes = at_once(*acts[:3], partial(book.close, "BG-01", 2025, by=colleague), *acts[3:])
    assert refused(outcomes) == []
    assert sum(BookEntry.objects.values_list("pieces", flat=True)) == MANY + 1
    counted = {each.pk: each.records.count() for each in BookEntry.objects.all()}
    assert counted == dict(BookEntry.objects.values_list("pk", "pieces"))


def test_a_year_closed_twice_at_once_is_numbered_once(officer: User, colleague: User) -> None:
    file(0, officer)
    close = [partial(book.close, "BG-01", 2025, by=by) for by in (officer, colleague)]
    outcomes = at_once(*close)
    assert [each for each in outcomes if each == 1] == [1]
    assert (Book.objects.get().last, BookEntry.objects.get().number) == (1, 1)

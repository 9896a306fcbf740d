"""The archive book counts everybody, whoever files and closes at once."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest
from django.db import connection

from archive.models import AuditEvent, Book, BookEntry, Record
from archive.services import audit, records
from archive.services.keeping import applying, book
from registration.models import User
from tests.archive import cases, keeping
from tests.concurrency.at_once import PATIENCE, at_once, just_before
from tests.concurrency.outcomes import refused

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


def file(by: User, year: int = 2025, state: str = "refused") -> Record:
    decided_on = cases.START.date().replace(year=year)
    filing = cases.filing(certificates=(), state=state, decided_on=decided_on)
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


class Halfway:
    """Lets somebody else begin when the first record has moved from one entry to another."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._act, self._updates = act, 0
        self.other: Future[Any] = Future()

    def __call__(self, execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        done = execute(sql, *args)
        self._updates += sql.startswith('UPDATE "archive_bookentry"')
        if self._updates == 2 and not self.other.running():
            self.other.set_running_or_notify_cancel()
            threading.Thread(target=self._run).start()
            time.sleep(0.5)  # for the other one to lock what it can
        return done

    def _run(self) -> None:
        try:
            self.other.set_result(self._act())
        except Exception as fault:  # noqa: BLE001 - the test raises it again
            self.other.set_exception(fault)
        finally:
            connection.close()


def test_a_year_is_closed_while_a_list_is_applied(officer: User, colleague: User) -> None:
    """Records come in the order of their filing, entries in that of the list, another one."""
    for state in ("refused", "issued"):
        file(officer, state=state)
    keeping.second(20)
    running = applying.start("налог", by=officer)
    halfway = Halfway(partial(book.close, "BG-01", 2025, by=colleague))
    with connection.execute_wrapper(halfway):
        applying.go_on(running.pk)
    assert halfway.other.result(PATIENCE) == 2
    entries = BookEntry.objects.order_by("number")
    assert [(each.number, each.records.count()) for each in entries] == [(1, 1), (2, 1)]


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

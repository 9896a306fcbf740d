"""The people of a disposal, records whose term has run out, and a disposal at any of its steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.conf import settings
from django.test import TestCase
from django.utils import timezone

from archive.disposal import CONFIRM, PROPOSE, REVIEW, Item, State
from archive.models import Disposal, DisposalItem, Record
from archive.queries.holds import LIFT
from archive.services import book, destruction, disposals, holds, records
from archive.services.disposals import Decision, Destruction
from archive.services.holds import ADD, Mandate
from tests.archive import cases

LONG_AGO = datetime(2008, 3, 2, 10, 0, tzinfo=UTC)
SURNAME = "Гордљивић"  # nobody else's in these tests
_serials = count(0x7700)


@dataclass(frozen=True)
class Employee:
    """Whoever acts, with rights as an account has them."""

    name: str
    rights: frozenset[str] = field(default_factory=frozenset)

    def get_username(self) -> str:
        return self.name.lower()

    def has_perm(self, perm: str) -> bool:
        return perm in self.rights

    def __str__(self) -> str:
        return self.name


def employee(name: str, *rights: str) -> Employee:
    return Employee(name, frozenset(rights))


CLERK = employee("Dragan", PROPOSE, ADD)
OTHER_CLERK = employee("Desa", PROPOSE, ADD)
MEMBER, SECOND, THIRD = (employee(name, REVIEW) for name in ("Mira", "Sava", "Toma"))
HEAD = employee("Hana", CONFIRM, LIFT)
EVERYTHING = employee("Svetozar", PROPOSE, REVIEW, CONFIRM, ADD, LIFT)
NOBODY = employee("Nikola")


def record(**changes: object) -> Record:
    """File an issued case of 2008 whose certificates ended long ago, and enter it in the book."""
    said = {
        "surname": SURNAME,
        "decided_on": LONG_AGO.date(),
        "certificates": (cases.certificate(next(_serials), start=LONG_AGO),),
    }
    filed = records.file(cases.filing(**{**said, **changes}), by=CLERK)  # type: ignore[arg-type]
    book.close(filed.office_code, filed.decided_on.year, by=CLERK)
    return filed


def refused() -> Record:
    return record(state="refused", certificates=())


@contextmanager
def after(days: float) -> Iterator[None]:
    """Let time pass."""
    moment = timezone.now() + timedelta(days=days)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        yield


def hold(*rows: Record) -> None:
    holds.hold(
        rows,
        Mandate("Виши суд у Београду", "К-12/26", date(2026, 3, 1), "Поступак у току"),
        reviewer=HEAD,
        review_on=timezone.localdate() + timedelta(days=90),
        by=CLERK,
    )


def accept_all(made: Disposal, by: Employee = MEMBER) -> None:
    said = Decision(Item.ACCEPTED)
    disposals.decide(made.pk, dict.fromkeys(made.items.values_list("pk", flat=True), said), by=by)


def proposed(*rows: Record) -> Disposal:
    return disposals.propose([each.pk for each in rows], by=CLERK)


def brought_to(state: State, *rows: Record) -> Disposal:
    """Bring a disposal to a state by the people whose steps they are; call it within `after`."""
    made = proposed(*(rows or (record(),)))
    for reached, go in _WAY:
        if made.state == state:
            return made
        go(made.pk)
        made.refresh_from_db()
        assert made.state == reached
    return made


def _conclude(number: int) -> None:
    accept_all(Disposal.objects.get(pk=number))
    disposals.conclude(number, by=MEMBER)


def _approve(number: int) -> None:
    disposals.approve(number, "2-05/26", timezone.localdate(), by=HEAD)


def _confirm(number: int) -> None:
    disposals.confirm(number, Disposal.objects.get(pk=number).number, by=HEAD)


def _witness(number: int) -> None:
    disposals.witness(number, paper(), by=MEMBER)


def run(number: int) -> None:
    """Destroy to the end; where the test itself is a transaction, its files go turn by turn."""
    for _turn in range(2 * DisposalItem.objects.filter(disposal=number).count() + 1):
        with TestCase.captureOnCommitCallbacks(execute=True):
            destruction.go_on(number)


def paper() -> Destruction:
    return Destruction(timezone.localdate(), "млевењем у просторијама архиве")


_WAY = (
    (State.LISTED, _conclude),
    (State.REQUESTED, lambda number: disposals.request(number, by=CLERK)),
    (State.APPROVED, _approve),
    (State.COOLING, _confirm),
    (State.WITNESSED, _witness),
    (State.DESTROYING, lambda number: disposals.destroy(number, by=SECOND)),
    (State.DESTROYED, run),
)


def wait_days(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Set the days of cooling off; with none, a disposal can be brought to its end at once."""
    section = {**settings.OVERA["DISPOSAL"], "COOLING_DAYS": days}
    monkeypatch.setitem(settings.OVERA, "DISPOSAL", section)

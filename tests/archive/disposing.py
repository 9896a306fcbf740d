"""The people of a disposal, records whose term has run out, and a disposal at any of its steps."""

from collections.abc import Callable, Iterator
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
from archive.services import records
from archive.services.disposal import destruction, disposals, holds
from archive.services.disposal.disposals import Decision, Destruction
from archive.services.disposal.holds import ADD, Mandate
from archive.services.keeping import book
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


def proposed(*rows: Record, by: Employee = CLERK) -> Disposal:
    return disposals.propose([each.pk for each in rows], by=by)


def brought_to(state: State, *rows: Record, **people: Employee) -> Disposal:
    """Bring a disposal to a state by the people whose steps they are, or by others, named by step.

    Beyond the days of cooling off it comes only where there are none (see `wait_days`).
    """
    made = proposed(*(rows or (record(),)), by=people.get("propose", CLERK))
    for step, person in WAY.items():
        if made.state == state:
            return made
        take(made, step, people.get(step, person))
    if state == State.DESTROYED:
        run(made.pk)
        made.refresh_from_db()
    assert made.state == state
    return made


def take(made: Disposal, step: str, by: Employee) -> None:
    """Take a step with everything that it needs."""
    _STEPS[step](made, by)
    made.refresh_from_db()


def paper() -> Destruction:
    return Destruction(timezone.localdate(), "млевењем у просторијама архиве")


def run(number: int) -> None:
    """Destroy to the end; where the test itself is a transaction, its files go turn by turn."""
    for _turn in range(2 * DisposalItem.objects.filter(disposal=number).count() + 1):
        with TestCase.captureOnCommitCallbacks(execute=True):
            destruction.go_on(number)


def _decide(made: Disposal, by: Employee) -> None:
    items = made.items.values_list("pk", flat=True)
    disposals.decide(made.pk, dict.fromkeys(items, Decision(Item.ACCEPTED)), by=by)


WAY = {
    "decide": MEMBER,
    "conclude": MEMBER,
    "request": CLERK,
    "approve": HEAD,
    "confirm": HEAD,
    "witness": MEMBER,
    "destroy": SECOND,
}
"""The steps in their order, and who takes them unless somebody else is named."""

_STEPS: dict[str, Callable[[Disposal, Employee], object]] = {
    "decide": _decide,
    "conclude": lambda made, by: disposals.conclude(made.pk, by=by),
    "request": lambda made, by: disposals.request(made.pk, by=by),
    "approve": lambda made, by: disposals.approve(made.pk, "2-05/26", timezone.localdate(), by=by),
    "confirm": lambda made, by: disposals.confirm(made.pk, made.number, by=by),
    "witness": lambda made, by: disposals.witness(made.pk, paper(), by=by),
    "destroy": lambda made, by: disposals.destroy(made.pk, by=by),
    "cancel": lambda made, by: disposals.cancel(made.pk, "грешка", by=by),
}


def wait_days(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Set the days of cooling off; with none, a disposal can be brought to its end at once."""
    section = {**settings.OVERA["DISPOSAL"], "COOLING_DAYS": days}
    monkeypatch.setitem(settings.OVERA, "DISPOSAL", section)

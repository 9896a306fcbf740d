"""The matrix: in every state everybody tries every step; the table is typed again here."""

import pytest

from archive import disposal
from archive.disposal import State
from archive.models import AuditEvent, Disposal
from archive.queries import disposals as found
from archive.services import disposals, refusals
from archive.services.disposals import Decision
from tests.archive import disposing
from tests.archive.disposing import (
    CLERK,
    EVERYTHING,
    HEAD,
    MEMBER,
    NOBODY,
    OTHER_CLERK,
    SECOND,
    THIRD,
    Employee,
)

pytestmark = pytest.mark.django_db

# Who may do what where: Dragan proposed and asked, Mira decided and was the first witness,
# Hana entered the approval and confirmed.
ALLOWED: dict[State, dict[str, str]] = {
    State.PROPOSED: {
        "dragan": "cancel",
        "desa": "cancel",
        "mira": "decide conclude cancel",
        "sava": "decide conclude cancel",
        "toma": "decide conclude cancel",
        "hana": "cancel",
        "svetozar": "decide conclude cancel",
    },
    State.LISTED: {
        "dragan": "request cancel",
        "desa": "request cancel",
        "mira": "cancel",
        "sava": "cancel",
        "toma": "cancel",
        "hana": "cancel",
        "svetozar": "request cancel",
    },
    State.REQUESTED: {
        "dragan": "cancel",
        "desa": "cancel",
        "mira": "cancel",
        "sava": "cancel",
        "toma": "cancel",
        "hana": "approve cancel",
        "svetozar": "approve cancel",
    },
    State.APPROVED: {
        "dragan": "cancel",
        "desa": "cancel",
        "mira": "cancel",
        "sava": "cancel",
        "toma": "cancel",
        "hana": "confirm cancel",
        "svetozar": "confirm cancel",
    },
    State.COOLING: {
        "dragan": "cancel",
        "desa": "cancel",
        "mira": "witness cancel",
        "sava": "witness cancel",
        "toma": "witness cancel",
        "hana": "cancel",
        "svetozar": "witness cancel",
    },
    State.WITNESSED: {"sava": "destroy", "toma": "destroy", "svetozar": "destroy"},
    State.DESTROYING: {},
    State.DESTROYED: {},
    State.CANCELLED: {},
}
PEOPLE = (CLERK, OTHER_CLERK, MEMBER, SECOND, THIRD, HEAD, EVERYTHING, NOBODY)
TRIED = [step.name for step in disposal.STEPS if step.rights and step.sources]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    disposing.wait_days(monkeypatch, 0)


@pytest.mark.parametrize("state", State)
def test_the_matrix(state: State) -> None:
    made = at(state)
    offered = {
        person.get_username(): " ".join(step.name for step in found.offered(made, person))
        for person in PEOPLE
    }
    assert {name: steps for name, steps in offered.items() if steps} == ALLOWED[state]
    assert refused(made) == {
        (person.get_username(), name)
        for person in PEOPLE
        for name in TRIED
        if name not in ALLOWED[state].get(person.get_username(), "").split()
    }


def at(state: State) -> Disposal:
    if state == State.CANCELLED:
        return disposals.cancel(disposing.brought_to(State.LISTED).pk, "грешка", by=CLERK)
    return disposing.brought_to(state)


def refused(made: Disposal) -> set[tuple[str, str]]:
    """Let everybody try what is not theirs; each try is refused, changes nothing and is logged."""
    found_refused = set()
    before = made.state
    for person in PEOPLE:
        for name in TRIED:
            if name in ALLOWED[State(before)].get(person.get_username(), "").split():
                continue
            with pytest.raises(refusals.RefusedError):
                attempt(made, name, person)
            logged = AuditEvent.objects.order_by("pk").last()
            assert logged
            assert (logged.event, logged.actor) == (
                f"disposal.{name}.refused",
                person.get_username(),
            )
            found_refused.add((person.get_username(), name))
    made.refresh_from_db()
    assert made.state == before
    return found_refused


def attempt(made: Disposal, name: str, person: Employee) -> None:
    """Try a step with everything that it needs."""
    items = made.items.values_list("pk", flat=True)
    {
        "decide": lambda: disposals.decide(
            made.pk, dict.fromkeys(items, Decision(disposal.Item.ACCEPTED)), by=person
        ),
        "conclude": lambda: disposals.conclude(made.pk, by=person),
        "request": lambda: disposals.request(made.pk, by=person),
        "approve": lambda: disposals.approve(made.pk, "2-05/26", disposing.paper().on, by=person),
        "confirm": lambda: disposals.confirm(made.pk, made.number, by=person),
        "witness": lambda: disposals.witness(made.pk, disposing.paper(), by=person),
        "destroy": lambda: disposals.destroy(made.pk, by=person),
        "cancel": lambda: disposals.cancel(made.pk, "грешка", by=person),
    }[name]()

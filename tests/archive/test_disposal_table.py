"""The matrix: in every state everybody tries every step; the table is typed again here."""

import pytest

from archive import disposal
from archive.disposal import State
from archive.models import AuditEvent, Disposal
from archive.queries import disposals as found
from archive.services import refusals
from archive.services.disposal import disposal_refusals, disposals
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
                disposing.take(made, name, person)
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


# Who did the first may not do the second, whatever their rights.
SEPARATED = (
    *(("propose", later) for later in ("decide", "conclude", "approve", "confirm")),
    *(("propose", later) for later in ("witness", "destroy")),
    *((earlier, later) for earlier in ("decide", "conclude") for later in ("approve", "confirm")),
    *((earlier, later) for earlier in ("approve", "confirm") for later in ("witness", "destroy")),
    ("witness", "destroy"),
)
ORDER = ("propose", *disposing.WAY)


@pytest.mark.parametrize("earlier", ORDER)
def test_one_person_is_one_person_with_all_rights(earlier: str) -> None:
    made = disposing.brought_to(State.PROPOSED, **{earlier: EVERYTHING})
    for step, person in disposing.WAY.items():
        if (earlier, step) in SEPARATED:
            with pytest.raises(disposal_refusals.SamePersonError):
                disposing.take(made, step, EVERYTHING)
        disposing.take(made, step, EVERYTHING if step == earlier else person)
    separated = {(each, step.name) for step in disposal.STEPS for each in step.never_after}
    assert {pair for pair in separated if pair[0] == earlier} == {
        pair for pair in SEPARATED if pair[0] == earlier
    }

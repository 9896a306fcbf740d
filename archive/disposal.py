"""The disposal as data: which step leads from which state to which, whose it is, whose never.

Guards, buttons and tests read this table and nothing else. The law wants the written approval of
the public archive and a commission; that no hand reaches from the proposal to the shredder is ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a disposal stands."""

    PROPOSED = "proposed"
    LISTED = "listed"
    REQUESTED = "requested"
    APPROVED = "approved"
    COOLING = "cooling"
    WITNESSED = "witnessed"
    DESTROYING = "destroying"
    DESTROYED = "destroyed"
    CANCELLED = "cancelled"


class Item(StrEnum):
    """Where a record of a disposal stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LATER = "later"
    EXCLUDED = "excluded"  # by the public archive
    SPARED = "spared"  # something stood in the way when it was to be destroyed
    RELEASED = "released"  # the disposal was cancelled
    ERASING = "erasing"  # its rows are gone, its files go
    DESTROYED = "destroyed"


class Obstacle(StrEnum):
    """Why a record may not be destroyed."""

    DESTROYED = "destroyed"
    HELD = "held"
    ON_LOAN = "on_loan"
    KEPT = "kept"  # its term has not run out
    TAKEN = "taken"  # by another disposal
    NOT_ENTERED = "not_entered"  # in the archive book under a number


ENDED = frozenset({State.DESTROYED, State.CANCELLED})
OPEN = frozenset(State) - ENDED
DECISIONS = (Item.ACCEPTED, Item.REJECTED, Item.LATER)  # what the commission may say
LIVE = frozenset({Item.PENDING, Item.ACCEPTED, Item.ERASING})  # a record is so in one disposal only

PROPOSE = "archive.propose_disposal"
REVIEW = "archive.review_disposal"
CONFIRM = "archive.confirm_disposal"


@dataclass(frozen=True)
class Step:
    """One arrow; `name` is also the audit event `disposal.<name>`.

    `rights`: one of them is needed; none: the system's own. `never_after`: who took one of these
    steps of the same disposal may not take this one.
    """

    name: str
    sources: frozenset[State]
    target: State
    rights: frozenset[str]
    never_after: frozenset[str]

    @property
    def event(self) -> str:
        return f"disposal.{self.name}"


def _step(name: str, sources: str, target: State, *rights: str, never_after: str = "") -> Step:
    states = frozenset(State(source) for source in sources.split())
    return Step(name, states, target, frozenset(rights), frozenset(never_after.split()))


_PREPARED = "propose decide conclude"
_DECIDED = "propose approve confirm"

STEPS: tuple[Step, ...] = (
    _step("propose", "", State.PROPOSED, PROPOSE),
    _step("decide", "proposed", State.PROPOSED, REVIEW, never_after="propose"),
    _step("conclude", "proposed", State.LISTED, REVIEW, never_after="propose"),
    _step("request", "listed", State.REQUESTED, PROPOSE),
    _step("approve", "requested", State.APPROVED, CONFIRM, never_after=_PREPARED),
    _step("confirm", "approved", State.COOLING, CONFIRM, never_after=_PREPARED),
    _step("witness", "cooling", State.WITNESSED, REVIEW, never_after=_DECIDED),
    _step("destroy", "witnessed", State.DESTROYING, REVIEW, never_after=f"{_DECIDED} witness"),
    _step("finish", "destroying", State.DESTROYED),
    _step(
        "cancel",
        "proposed listed requested approved cooling",
        State.CANCELLED,
        *(PROPOSE, REVIEW, CONFIRM),
    ),
)
_BY_NAME = {each.name: each for each in STEPS}


def step(name: str) -> Step:
    """Return the step of that name; KeyError where there is none."""
    return _BY_NAME[name]


def leading_on(state: State) -> Iterator[Step]:
    """Yield the steps out of a state, in the table's order."""
    return (each for each in STEPS if state in each.sources)

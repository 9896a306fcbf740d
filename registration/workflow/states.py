"""The workflow table: which step leads a case from which state to which, and who may take it.

Buttons, guards, audit names, `docs/workflow.md` and the tests read this table and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    PRINTED = "printed"
    SIGNED = "signed"
    ISSUING = "issuing"
    ISSUED = "issued"
    PERFORMED = "performed"
    FILED = "filed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


ENDED = frozenset({State.FILED, State.WITHDRAWN, State.REFUSED})
OPEN = frozenset(State) - ENDED


class Procedure(StrEnum):
    """What the citizen asked for, on which form: see `requests`."""

    ISSUE = "issue"
    RENEW = "renew"
    UNBLOCK = "unblock"
    STATUS = "status"


class Role(StrEnum):
    """Who acts: the Django group's name, or the desk (the chip's and the CA's answers).

    What no person does is the desk's too: a case that nobody uses lapses.
    """

    OFFICER = "officer"
    CLERK = "clerk"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    COMMISSION = "commission"
    HEAD = "head"
    DESK = "desk"


@dataclass(frozen=True)
class Step:
    """One arrow of the table; `name` is also the audit event `case.<name>`."""

    name: str
    sources: frozenset[State]
    target: State
    roles: frozenset[Role]

    @property
    def event(self) -> str:
        return f"case.{self.name}"


def _step(name: str, sources: str, target: State, *roles: Role) -> Step:
    states = frozenset(State(source) for source in sources.split())
    return Step(name, states, target, frozenset(roles))


_OFFICER, _DESK = Role.OFFICER, Role.DESK

_ON_PAPER: tuple[Step, ...] = (
    _step("print", "draft", State.PRINTED, _OFFICER),
    _step("correct", "printed signed", State.DRAFT, _OFFICER),
    _step("reprint", "printed signed", State.PRINTED, _OFFICER),
    _step("sign", "printed", State.SIGNED, _OFFICER),
    _step("unsign", "signed", State.PRINTED, _OFFICER),
)
_ENDING: tuple[Step, ...] = (
    _step("withdraw", "draft printed signed", State.WITHDRAWN, _OFFICER),
    _step("refuse", "draft printed signed", State.REFUSED, _OFFICER),
    _step("lapse", "draft printed", State.WITHDRAWN, _DESK),
)

_ISSUING: tuple[Step, ...] = (
    *_ON_PAPER,
    _step("start_issuing", "signed", State.ISSUING, _OFFICER),
    _step("confirm", "issuing", State.ISSUED, _DESK),
    _step("give_up", "issuing", State.SIGNED, _OFFICER),
    _step("recall", "issued", State.SIGNED, _OFFICER),
    *_ENDING,
    _step("file", "issued withdrawn refused", State.FILED, _OFFICER),
)
_PERFORMING: tuple[Step, ...] = (
    *_ON_PAPER,
    _step("perform", "signed", State.PERFORMED, _DESK),
    _step("perform_elsewhere", "signed", State.PERFORMED, _OFFICER),
    *_ENDING,
    _step("file", "performed withdrawn refused", State.FILED, _OFFICER),
)
_CHANGING: tuple[Step, ...] = (
    *_ON_PAPER,
    _step("change_status", "signed", State.PERFORMED, _DESK),
    *_ENDING,
    _step("file", "performed withdrawn refused", State.FILED, _OFFICER),
)

STEPS: dict[Procedure, tuple[Step, ...]] = {
    Procedure.ISSUE: _ISSUING,
    Procedure.RENEW: _ISSUING,
    Procedure.UNBLOCK: _PERFORMING,
    Procedure.STATUS: _CHANGING,
}


class StepNotAllowedError(Exception):
    """The table has no such arrow; facts: the step's name and the state it was tried from."""

    def __init__(self, name: str, state: State) -> None:
        super().__init__(f"{name} from {state}")
        self.name, self.state = name, state


def step(procedure: Procedure, name: str) -> Step:
    """Return the step of that name; KeyError where the procedure has none."""
    return {each.name: each for each in STEPS[procedure]}[name]


def states(procedure: Procedure) -> frozenset[State]:
    """Return the states that a case of the procedure may stand in."""
    return frozenset({State.DRAFT, *(each.target for each in STEPS[procedure])})


def advance(procedure: Procedure, name: str, state: State) -> Step:
    """Return the step that leads out of `state`; raise StepNotAllowedError where none does."""
    found = step(procedure, name)
    if state not in found.sources:
        raise StepNotAllowedError(name, state)
    return found


def offered(procedure: Procedure, state: State, role: Role) -> Iterator[Step]:
    """Yield the steps that `role` may take from `state`, in the table's order."""
    for each in STEPS[procedure]:
        if state in each.sources and role in each.roles:
            yield each

"""The steps of a case down its page: which is done, which is next, what the later ones wait for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from registration.workflow import requests
from registration.workflow.requests import Request
from registration.workflow.states import State

_PRINTED = frozenset(State) - {State.DRAFT, State.WITHDRAWN, State.REFUSED}
_SIGNED = _PRINTED - {State.PRINTED}
_ISSUED = frozenset({State.ISSUED, State.FILED})
_PERFORMED = frozenset({State.PERFORMED, State.FILED})


@dataclass(frozen=True)
class Standing:
    """What decides which step comes next. `ended`: withdrawn or refused, perhaps filed already."""

    request: Request  # the form that the case is of
    state: State
    identified: bool  # identity check on record, and the card is the applicant's
    printed: bool  # there are papers
    ended: bool = False
    told: bool = True  # the citizen was told what was done, where that is a step


@dataclass(frozen=True)
class Step:
    """A step as the page shows it.

    `status`: done, current (the one to do now), open (may be done already), later.
    """

    code: str
    title: Any
    status: str
    note: Any = ""
    opened: bool = False  # unfolded although it is not the current one

    @property
    def template(self) -> str:
        return f"registration/steps/{self.code}.html"


@dataclass(frozen=True)
class _Kind:
    title: Any
    done: Callable[[Standing], bool]
    reachable: frozenset[State]  # states in which it may be done before its turn
    first: Any  # what must be done before it


_KINDS: dict[str, _Kind] = {
    "data": _Kind(_("Data"), lambda _case: True, frozenset(), ""),
    "identity": _Kind(
        _("Identity and card"), lambda case: case.identified, frozenset(State), _("First the data.")
    ),
    "print": _Kind(
        _("Print"),
        lambda case: case.state in _PRINTED or (case.ended and case.printed),
        frozenset({State.DRAFT}),
        _("First the data."),
    ),
    "signatures": _Kind(
        _("Signatures"),
        lambda case: case.state in _SIGNED and not case.ended,
        frozenset({State.PRINTED}),
        _("First print the packet."),
    ),
    "issue": _Kind(
        _("Certificate"),
        lambda case: case.state in _ISSUED and not case.ended,
        frozenset(),
        _("First identity, card and signatures."),
    ),
    "handover": _Kind(
        _("Hand over and file"),
        lambda case: case.state == State.FILED and not case.ended,
        frozenset(),
        _("First the certificate."),
    ),
    "unblock": _Kind(
        _("Unblocking"),
        lambda case: case.state in _PERFORMED and not case.ended,
        frozenset(),
        _("First identity, card and signatures."),
    ),
    "change": _Kind(
        _("Change of the status"),
        lambda case: case.state in _PERFORMED and case.told and not case.ended,
        frozenset(),
        _("First identity and signatures."),
    ),
    "filing": _Kind(
        _("Filing"),
        lambda case: case.state == State.FILED and not case.ended,
        frozenset(),
        _("First what was asked for."),
    ),
}
_ON_PAPER = ("data", "identity", "print", "signatures")
_STEPS = {
    requests.FORM_1.form: (*_ON_PAPER, "issue", "handover"),
    requests.FORM_2.form: (*_ON_PAPER, "unblock", "filing"),
    requests.FORM_3.form: (*_ON_PAPER, "change", "filing"),
}


def steps(standing: Standing, notes: Mapping[str, Any], opened: str = "") -> list[Step]:
    """Return all steps in order.

    `notes` sums up in one line each step that is done; `opened` is shown unfolded though done.
    """
    current = "" if standing.ended else _next(standing)
    codes = _STEPS[standing.request.form]
    return [_step(code, standing, current, notes, opened) for code in codes]


def last(request: Request) -> str:
    """Return the step that ends a case of the form."""
    return _STEPS[request.form][-1]


def _next(standing: Standing) -> str:
    codes = _STEPS[standing.request.form]
    return next((code for code in codes if not _KINDS[code].done(standing)), "")


def _step(
    code: str, standing: Standing, current: str, notes: Mapping[str, Any], opened: str
) -> Step:
    kind = _KINDS[code]
    if kind.done(standing):
        return Step(code, kind.title, "done", notes.get(code, ""), code == opened)
    if code == current:
        return Step(code, kind.title, "current")
    if standing.ended:
        return Step(code, kind.title, "later")
    if standing.state in kind.reachable:
        return Step(code, kind.title, "open", _("Can be done now as well."))
    return Step(code, kind.title, "later", kind.first)

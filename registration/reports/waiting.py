"""Where cases wait and how long, from the audit; and how many stand there now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.models import AuditEvent
from archive.services import audit
from registration.models import Application
from registration.reports import durations
from registration.reports.scope import Scope
from registration.workflow import states
from registration.workflow.states import State

_HANDED_OVER = "handed_over"  # no state of the workflow: an issued case whose citizen has left

TITLES: dict[str, Any] = {
    State.DRAFT: _("Opened, to be printed"),
    State.PRINTED: _("Printed, to be signed"),
    State.SIGNED: _("Signed, to be issued or performed"),
    State.ISSUING: _("Certificate being made"),
    State.ISSUED: _("Issued, to be handed over"),
    _HANDED_OVER: _("Handed over, to be filed"),
    State.PERFORMED: _("Performed, to be filed"),
    State.WITHDRAWN: _("Withdrawn, to be filed"),
    State.REFUSED: _("Refused, to be filed"),
}
_LEADS_TO: dict[str, str] = {
    "case.open": State.DRAFT,
    "case.hand_over": _HANDED_OVER,
    **{step.event: step.target for steps in states.STEPS.values() for step in steps},
}


@dataclass(frozen=True)
class Stay:
    """A case at one step of the counter, from the word that brought it there to the next."""

    step: str
    number: str
    since: datetime
    until: datetime

    @property
    def duration(self) -> timedelta:
        return self.until - self.since


@dataclass(frozen=True)
class Waiting:
    """One step: `ended` stays in the scope with their durations, cases that stand there now."""

    step: Any
    ended: int
    median: timedelta | None
    ninetieth: timedelta | None
    longest: timedelta | None
    now: int
    key: str
    numbers: tuple[str, ...]  # of those that stand there now


def rows(asked: Scope) -> list[Waiting]:
    """Return a row per step, in the order of the counter, also where nothing waits."""
    took = defaultdict(list)
    for stay in stays(asked):
        took[stay.step].append(stay.duration)
    standing = _standing(asked)
    return [_row(step, took[step], standing[step]) for step in TITLES]


def stays(asked: Scope) -> Iterator[Stay]:
    """Yield what ended in the scope; a step back begins a new stay, a reprint goes on."""
    start, end = asked.moments
    moves = AuditEvent.objects.filter(stream=audit.DECISIONS, event__in=_LEADS_TO, at__lt=end)
    ours = Application.objects.filter(office__in=asked.offices).values("number")
    touched = moves.filter(at__gte=start, subject__in=ours).values("subject")
    listed = moves.filter(subject__in=touched).order_by("subject", "number")
    told = listed.values_list("subject", "event", "at")
    for number, events in groupby(told.iterator(), key=itemgetter(0)):
        for stay in _of_case(number, events):
            if stay.until >= start:
                yield stay


def _of_case(number: str, events: Iterable[tuple[str, str, datetime]]) -> Iterator[Stay]:
    step, since = "", None
    for _number, event, at in events:
        target = _LEADS_TO[event]
        if since is not None and target != step:
            yield Stay(step, number, since, at)
        if target != step:
            step, since = target, at


def _standing(asked: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    cases = Application.objects.filter(office__in=asked.offices).exclude(state=State.FILED)
    for number, state, handed_over in cases.order_by("number").values_list(
        "number", "state", "handover"
    ):
        found[state if handed_over is None else _HANDED_OVER].append(number)
    return found


def _row(step: str, took: list[timedelta], standing: list[str]) -> Waiting:
    return Waiting(
        step=TITLES[step],
        ended=len(took),
        median=durations.percentile(took, 0.5) if took else None,
        ninetieth=durations.percentile(took, 0.9) if took else None,
        longest=durations.whole(max(took)) if took else None,
        now=len(standing),
        key=str(step),
        numbers=tuple(standing),
    )

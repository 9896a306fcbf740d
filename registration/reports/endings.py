"""What did not come to its end, and why: refusals, withdrawals and failures by their reason."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.models import AuditEvent
from archive.services import audit
from registration.models import Application, Issuance, StatusRequest, Unblocking
from registration.reports import failures
from registration.reports.scope import Scope
from registration.workflow.issuance import Stage

_MAKING, _UNBLOCKING = "issuance.interrupt", "unblocking.interrupt"
_CHANGING = "status.interrupt"
_INTERRUPTED = {  # told by a code
    _MAKING: Issuance.objects,
    _UNBLOCKING: Unblocking.objects,
    _CHANGING: StatusRequest.objects,
}
WHAT: dict[str, Any] = {
    "case.refuse": _("Refused"),
    "case.withdraw": _("Withdrawn by the citizen"),
    "case.lapse": _("Left alone, ended by the system"),
    _MAKING: _("Making interrupted"),
    _UNBLOCKING: _("Unblocking interrupted"),
    _CHANGING: _("Change of a status interrupted"),
    "case.give_up": _("Making given up"),
    "case.recall": _("Recalled before the hand-over"),
}
_Found = dict[tuple[str, str], list[tuple[str, str]]]  # (event, folded) → (number, as written)


@dataclass(frozen=True)
class Ending:
    """How often something ended a case or stopped its making for one reason."""

    what: Any
    reason: Any
    times: int
    cases: int
    now: int  # makings, unblockings, changes that stand still for this reason at this moment
    key: str
    numbers: tuple[str, ...]


def rows(asked: Scope) -> list[Ending]:
    """Return a row per kind of end and reason, the most frequent of each kind first."""
    standing = _standing(asked)
    found = [_row(key, told, standing) for key, told in _told(asked).items()]
    order = {str(what): place for place, what in enumerate(WHAT.values())}
    return sorted(found, key=lambda row: (order[str(row.what)], -row.times, row.key))


def _told(asked: Scope) -> _Found:
    """Group the events by reason: capitals, spaces and the last dot make no other reason."""
    found: _Found = defaultdict(list)
    for number, event, facts in _events(asked):
        written = str(facts.get("code" if event in _INTERRUPTED else "reason", ""))
        folded = " ".join(written.split()).rstrip(".").casefold()
        found[event, folded].append((number, " ".join(written.split())))
    return found


def _events(asked: Scope) -> Iterator[tuple[str, str, dict[str, Any]]]:
    start, end = asked.moments
    ours = Application.objects.filter(office__in=asked.offices).values("number")
    events = AuditEvent.objects.filter(
        stream=audit.DECISIONS, event__in=WHAT, at__gte=start, at__lt=end, subject__in=ours
    )
    yield from events.order_by("number").values_list("subject", "event", "facts").iterator()


def _standing(asked: Scope) -> Counter[tuple[str, str]]:
    """Count what stands still now by (event, code); the tables call that stage the same."""
    counted: Counter[tuple[str, str]] = Counter()
    for event, rows_of in _INTERRUPTED.items():
        stopped = rows_of.filter(stage=Stage.INTERRUPTED, application__office__in=asked.offices)
        counted.update((event, code) for code in stopped.values_list("failure_code", flat=True))
    return counted


def _row(
    key: tuple[str, str], told: list[tuple[str, str]], standing: Counter[tuple[str, str]]
) -> Ending:
    event, folded = key
    written = told[0][1]
    failed = event in _INTERRUPTED
    numbers = {number for number, _written in told}
    return Ending(
        what=WHAT[event],
        reason=failures.title(written) if failed else written,
        times=len(told),
        cases=len(numbers),
        now=standing[event, written] if failed else 0,
        key=f"{event.removeprefix('case.').removeprefix('issuance.')}.{folded}",
        numbers=tuple(sorted(numbers)),
    )

"""Cases whose certificates were issued and whose file is still on somebody's desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.models import Handover, Issuance
from registration.reports import people
from registration.reports.scope import Scope
from registration.workflow.issuance import Stage
from registration.workflow.states import State

AGES: dict[int, Any] = {  # days, up to and with → how the group is called
    0: _("today"),
    2: _("1 to 2 days"),
    7: _("3 to 7 days"),
    30: _("8 to 30 days"),
}
OLDER = _("more than 30 days")
_READ = (
    *("confirmed_at", "started_by__first_name", "started_by__last_name", "started_by__username"),
    *("application__number", "application__office__code", "application__office__name"),
)  # nothing that is sealed


@dataclass(frozen=True)
class Unfiled:
    """One case; `age` in whole days of the calendar."""

    number: str
    office: str
    officer: str
    issued_on: date
    handed_over: bool
    age: int

    @property
    def key(self) -> str:
        return self.number

    @property
    def numbers(self) -> tuple[str, ...]:
        return (self.number,)


def rows(asked: Scope) -> list[Unfiled]:
    """Return the cases as they stand now, the oldest first; the scope's end is today."""
    proven = Issuance.objects.filter(
        stage=Stage.CONFIRMED,
        application__state=State.ISSUED,
        application__office__in=asked.offices,
    )
    found = proven.select_related("application__office", "started_by").only(*_READ)
    last = {each.application_id: each for each in found.order_by("confirmed_at")}
    left = set(
        Handover.objects.values_list("application", flat=True).filter(
            application__state=State.ISSUED
        )
    )
    listed = (_row(each, asked.end, handed_over=case in left) for case, each in last.items())
    return sorted(listed, key=lambda row: (row.issued_on, row.number))


def by_age(found: Iterable[Unfiled]) -> list[tuple[Any, int]]:
    """Return every group of ages with how many cases are in it."""
    counted = dict.fromkeys((*AGES.values(), OLDER), 0)
    for row in found:
        counted[next((AGES[days] for days in AGES if row.age <= days), OLDER)] += 1
    return list(counted.items())


def _row(issuance: Issuance, today: date, *, handed_over: bool) -> Unfiled:
    issued_on = timezone.localdate(issuance.confirmed_at)
    return Unfiled(
        number=issuance.application.number,
        office=str(issuance.application.office),
        officer=people.name(issuance.started_by),
        issued_on=issued_on,
        handed_over=handed_over,
        age=(today - issued_on).days,
    )

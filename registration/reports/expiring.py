"""Certificates that will expire, by month and office: who will come to renew."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registration.models import Certificate
from registration.reports import scope
from registration.reports.scope import Scope
from registration.workflow.issuance import Stage

_READ = (
    *("not_after", "application__number"),
    *("application__office__code", "application__office__name"),
)  # nothing that is sealed


@dataclass(frozen=True)
class Expiring:
    """Certificates on cards, not revoked, whose last day lies in the month."""

    month: date
    office: str
    cases: int
    certificates: int
    key: str
    numbers: tuple[str, ...]


def rows(asked: Scope) -> list[Expiring]:
    """Return a row per month and office in which anything expires."""
    grouped = defaultdict(list)
    live = Certificate.objects.filter(revoked_at=None, issuance__stage=Stage.CONFIRMED)
    live = live.filter(**asked.within("not_after", "application__office"))
    live = live.select_related("application__office").only(*_READ)
    for each in live.order_by("application__number"):
        grouped[scope.month_of(each.not_after), each.application.office_id].append(each)
    counted = (_row(month, each) for (month, _office), each in grouped.items())
    return sorted(counted, key=lambda row: (row.month, row.office))


def by_month(found: Iterable[Expiring], asked: Scope) -> list[tuple[date, int]]:
    """Return every month of the scope with its total."""
    totals = dict.fromkeys(asked.months(), 0)
    for row in found:
        totals[row.month] += row.certificates
    return list(totals.items())


def _row(month: date, live: list[Certificate]) -> Expiring:
    office = live[0].application.office
    numbers = tuple(dict.fromkeys(each.application.number for each in live))
    return Expiring(
        month=month,
        office=str(office),
        cases=len(numbers),
        certificates=len(live),
        key=f"{month:%Y-%m}.{office.pk}",
        numbers=numbers,
    )

"""Certificates that will expire, by month and office: who will come to renew, and who knows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registration.models import Certificate, Notice
from registration.queries import renewals
from registration.reports.scope import Scope
from registration.workflow.issuance import Stage

_READ = (
    *("ends_on", "application__number"),
    *("application__office__code", "application__office__name"),
)  # nothing that is sealed
_Told = dict[tuple[int, date], set[str]]  # (case, last day) → ways by which a notice went out


@dataclass(frozen=True)
class Expiring:
    """Certificates on cards, neither revoked nor renewed, whose last day or card's is in the month.

    Each case is told by e-mail, else by letter, else not yet.
    """

    month: date
    office: str
    cases: int
    certificates: int
    emails: int
    letters: int
    untold: int
    key: str
    numbers: tuple[str, ...]


def rows(asked: Scope) -> list[Expiring]:
    """Return a row per month and office in which anything expires."""
    grouped = defaultdict(list)
    live = Certificate.objects.filter(revoked_at=None, issuance__stage=Stage.CONFIRMED)
    live = renewals.without_renewed(live).filter(
        ends_on__range=(asked.start, asked.end), application__office__in=asked.offices
    )
    live = live.select_related("application__office").only(*_READ)
    for each in live.order_by("application__number"):
        grouped[each.ends_on.replace(day=1), each.application.office_id].append(each)
    told = _told(asked)
    counted = (_row(month, each, told) for (month, _office), each in grouped.items())
    return sorted(counted, key=lambda row: (row.month, row.office))


def by_month(found: Iterable[Expiring], asked: Scope) -> list[tuple[date, int]]:
    """Return every month of the scope with its total."""
    totals = dict.fromkeys(asked.months(), 0)
    for row in found:
        totals[row.month] += row.certificates
    return list(totals.items())


def _told(asked: Scope) -> _Told:
    told: _Told = defaultdict(set)
    out = Notice.objects.filter(state=Notice.State.SENT, application__office__in=asked.offices)
    out = out.filter(ends_on__range=(asked.start, asked.end))
    for case, ends_on, channel in out.values_list("application", "ends_on", "channel"):
        told[case, ends_on].add(channel)
    return told


def _row(month: date, live: list[Certificate], told: _Told) -> Expiring:
    office = live[0].application.office
    ways: dict[str, set[str]] = defaultdict(set)
    for each in live:
        ways[each.application.number] |= told.get((each.application_id, each.ends_on), set())
    emails = sum(Notice.Channel.EMAIL in each for each in ways.values())
    untold = sum(not each for each in ways.values())
    return Expiring(
        month=month,
        office=str(office),
        cases=len(ways),
        certificates=len(live),
        emails=emails,
        letters=len(ways) - emails - untold,
        untold=untold,
        key=f"{month:%Y-%m}.{office.pk}",
        numbers=tuple(ways),
    )

"""How many certificates were issued: by month, office and officer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from archive.search import alphabet
from registration.models import Issuance
from registration.reports import people, scope
from registration.reports.scope import Scope
from registration.workflow.issuance import Stage
from registration.workflow.states import Procedure

_READ = (
    *("stage", "confirmed_at", "started_by__first_name", "started_by__last_name"),
    *("started_by__username", "application__number", "application__procedure"),
    *("application__office__code", "application__office__name"),
)  # nothing that is sealed


@dataclass(frozen=True)
class Issued:
    """Certificates that a card proved; one recalled before the hand-over is counted in both.

    All but `cases` count certificates, of which a case brings one or two onto its card.
    """

    month: date
    office: str
    officer: str
    cases: int
    first: int
    renewals: int
    total: int
    recalled: int
    key: str
    numbers: tuple[str, ...]


def rows(asked: Scope) -> list[Issued]:
    """Return a row per month, office and officer who issued anything."""
    grouped = defaultdict(list)
    proven = Issuance.objects.filter(**asked.within("confirmed_at", "application__office"))
    proven = proven.select_related("application__office", "started_by").only(*_READ)
    for each in proven.order_by("application__number"):
        if each.confirmed_at is not None:
            month = scope.month_of(each.confirmed_at)
            grouped[month, each.application.office_id, each.started_by_id].append(each)
    counted = (_row(month, each) for (month, _office, _officer), each in grouped.items())
    return sorted(counted, key=_order)


def by_month(found: Iterable[Issued], asked: Scope) -> list[tuple[date, int]]:
    """Return every month of the scope with its total."""
    totals = dict.fromkeys(asked.months(), 0)
    for row in found:
        totals[row.month] += row.total
    return list(totals.items())


def _order(row: Issued) -> tuple[date, str, str, str]:
    return row.month, row.office, alphabet.sort_key(row.officer), row.key


def _row(month: date, proven: list[Issuance]) -> Issued:
    office, officer = proven[0].application.office, proven[0].started_by
    renewals = sum(each.application.procedure == Procedure.RENEW for each in proven)
    numbers = sorted({each.application.number for each in proven})
    return Issued(
        month=month,
        office=str(office),
        officer=people.name(officer),
        cases=len(numbers),
        first=len(proven) - renewals,
        renewals=renewals,
        total=len(proven),
        recalled=sum(each.stage == Stage.ABANDONED for each in proven),
        key=f"{month:%Y-%m}.{office.pk}.{officer.pk}",
        numbers=tuple(numbers),
    )

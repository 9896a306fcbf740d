"""Persons whom the counter still keeps although their time is over, and what stands against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.models import Application
from registration.queries import dropping
from registration.queries.dropping import Obstacle
from registration.reports.scope import Scope

WHY: dict[Obstacle, Any] = {
    Obstacle.NOT_FILED: _("signed papers or a certificate are not filed: file the case"),
    Obstacle.RECORD_MISSING: _("the archive has no such record: tell the administrator"),
    Obstacle.FILE_MISSING: _("the archive lacks a paper or certificate: tell the administrator"),
    Obstacle.SHEETS_WAITING: _("scanned sheets of it, or of the same file, wait for a word"),
    Obstacle.PAGES_MISSING: _("a paper was scanned in part: scan the pages that are missing"),
    Obstacle.SCAN_MISSING: _("the scan of a paper is not in the archive yet"),
    Obstacle.SEAL_WAITING: _("a paper waits for its electronic seal"),
    Obstacle.MAKING_OPEN: _("the certification body has not agreed to a certificate"),
    Obstacle.BODY_GONE: _("the certification body that issued is not in the settings any more"),
    Obstacle.STATUS_OPEN: _("a change of a status is under way or not published"),
    Obstacle.SUSPENDED: _("a certificate is suspended: reactivate or revoke it"),
    Obstacle.NOTICE_OPEN: _("a notice of the expiry waits to be sent"),
}
NOTHING = _("nothing: the next run drops it")
FAILED = _("dropping broke off, it is tried again each night: tell the administrator")


@dataclass(frozen=True)
class Kept:
    """One case; `since` is the day of its filing or end."""

    number: str
    office: str
    since: date
    why: str

    @property
    def key(self) -> str:
        return self.number

    @property
    def numbers(self) -> tuple[str, ...]:
        return (self.number,)


def rows(asked: Scope) -> list[Kept]:
    """Return the cases whose person should be forgotten by now, longest ago first."""
    found = dropping.overdue(timezone.now()).filter(office__in=asked.offices)
    return [_row(each) for each in found.select_related("office")]


def by_reason(found: Iterable[Kept]) -> list[tuple[str, int]]:
    """Return how many cases each reason keeps, the most frequent first."""
    counted: dict[str, int] = {}
    for row in found:
        for why in row.why.split("; "):
            counted[why] = counted.get(why, 0) + 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _row(case: Application) -> Kept:
    stands = [str(WHY[each]) for each in dropping.obstacles(case)]
    otherwise = FAILED if dropping.failed(case) else NOTHING
    return Kept(
        number=case.number,
        office=str(case.office),
        since=timezone.localdate(case.filed_at or case.changed_at),
        why="; ".join(stands or [str(otherwise)]),
    )

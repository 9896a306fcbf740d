"""Finds work at desks that stands still: a desk that is alive is asked again, a dead one named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from registration.models import Issuance, Unblocking
from registration.services import (
    acceptances,
    desks,
    revocations,
    stages,
    transactions,
    unblockings,
)
from registration.services.answers import Next, Then
from registration.workflow import unblocking
from registration.workflow.issuance import RUNNING, Stage

_AT_PIN = timedelta(seconds=120)  # a citizen may think, and may confirm a replacement first
_ASKED_AGAIN_AT_MOST = 3


@dataclass(frozen=True)
class _Work:
    """Something that a desk, or the CA, is to answer."""

    row: Any  # Issuance | Unblocking
    then: Then
    interrupt: Callable[..., None]


def sweep(now: datetime) -> Iterator[Next]:
    """Yield what is to be asked or done again; interrupt what cannot be."""
    yield from (Next(Then.SUPERSEDE, str(pk)) for pk in revocations.unfinished())
    yield from (Next(Then.ACCEPT, str(pk)) for pk in acceptances.owed())
    for work in (*_makings(), *_unblockings()):
        waiting_for_desk = work.then != Then.ENROL
        if waiting_for_desk and desks.is_silent(work.row.desk):
            work.interrupt(work.row.pk, "desk-silent", {})
        elif now - work.row.moved_at > _patience(work.row.progress):
            yield from _again(work, now)


def _makings() -> Iterator[_Work]:
    for issuance in Issuance.objects.filter(stage__in=RUNNING).select_related("desk"):
        then = Then.ENROL if issuance.stage == Stage.WAITING_CA else Then.COMMAND
        yield _Work(issuance, then, stages.interrupt)


def _unblockings() -> Iterator[_Work]:
    waiting = Unblocking.objects.filter(stage=unblocking.Stage.WAITING).select_related("desk")
    for row in waiting:
        yield _Work(row, Then.UNBLOCK, unblockings.interrupt)


def _patience(progress: dict[str, Any]) -> timedelta:
    if progress.get("stage") == "waiting-citizen":
        return _AT_PIN
    usual = int(str(settings.OVERA["ISSUANCE_STALLED_AFTER"]))
    return timedelta(seconds=max(usual, int(progress.get("check_after", 0))))


def _again(work: _Work, now: datetime) -> Iterator[Next]:
    row = work.row
    approval = row.progress.get("stage") == transactions.APPROVAL  # may take a person's time
    asked = 0 if approval else int(row.progress.get("asked_again", 0)) + 1
    if asked > _ASKED_AGAIN_AT_MOST:
        work.interrupt(row.pk, "no-answer", {"asked": asked})
        return
    unmoved = type(row).objects.filter(pk=row.pk, moved_at=row.moved_at, stage=row.stage)
    progress = row.progress if approval else {"asked_again": asked}
    if unmoved.update(moved_at=now, progress=progress):
        yield Next(work.then, str(row.pk))

"""Finds issuances that stopped moving: a desk that is alive is asked again, a dead one is named."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from registration.models import Issuance
from registration.services import desks, revocations, stages
from registration.services.answers import Next, Then
from registration.workflow.issuance import RUNNING, Stage

_AT_PIN = timedelta(seconds=120)  # a citizen may think, and may confirm a replacement first
_ASKED_AGAIN_AT_MOST = 3


def sweep(now: datetime) -> Iterator[Next]:
    """Yield what is to be asked or done again; interrupt what cannot be."""
    yield from (Next(Then.SUPERSEDE, str(pk)) for pk in revocations.unfinished())
    for issuance in Issuance.objects.filter(stage__in=RUNNING).select_related("desk"):
        waiting_for_desk = issuance.stage != Stage.WAITING_CA
        if waiting_for_desk and desks.is_silent(issuance.desk):
            stages.interrupt(issuance.pk, "desk-silent", {})
        elif now - issuance.moved_at > _patience(issuance):
            yield from _again(issuance, now)


def _patience(issuance: Issuance) -> timedelta:
    if issuance.progress.get("stage") == "waiting-citizen":
        return _AT_PIN
    return timedelta(seconds=int(str(settings.OVERA["ISSUANCE_STALLED_AFTER"])))


def _again(issuance: Issuance, now: datetime) -> Iterator[Next]:
    asked = int(issuance.progress.get("asked_again", 0)) + 1
    if asked > _ASKED_AGAIN_AT_MOST:
        stages.interrupt(issuance.pk, "no-answer", {"asked": asked})
        return
    unmoved = Issuance.objects.filter(
        pk=issuance.pk, moved_at=issuance.moved_at, stage=issuance.stage
    )
    if not unmoved.update(moved_at=now, progress={"asked_again": asked}):
        return
    then = Then.ENROL if issuance.stage == Stage.WAITING_CA else Then.COMMAND
    yield Next(then, str(issuance.pk))

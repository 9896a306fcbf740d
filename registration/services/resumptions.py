"""Lets an issuing go on by itself that stood still because the certification body was away.

Nothing is asked of the body while the card is not at hand: a certificate that nobody can write
would have to be revoked. Who comes back later goes on by the officer's word.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from archive.services import audit
from registration import errors
from registration.models import Issuance
from registration.queries import bodies
from registration.queries import issuances as queries
from registration.services import desks, journal, stages
from registration.workflow import issuance as table

_FIRST, _LONGEST = timedelta(seconds=10), timedelta(minutes=10)  # between two tries


def due(now: datetime) -> list[Issuance]:
    """Return what waits for the body, with its card in the reader, and was not tried lately."""
    return [each for each in _waiting(now) if now - each.moved_at >= _pause(each)]


def go_on(now: datetime) -> list[UUID]:
    """Take up again what is due if the body answers; return what goes on.

    Each body is asked once, outside of any transaction.
    """
    waiting = due(now)
    answering = {body: bodies.health(body).ok for body in {each.body for each in waiting}}
    return [each.pk for each in waiting if answering[each.body] and _taken_up(each, now)]


def _waiting(now: datetime) -> list[Issuance]:
    minutes = int(str(settings.OVERA["GOES_ON_WITHIN_MINUTES"]))
    since = now - timedelta(minutes=minutes)
    return list(queries.waiting_for_body().filter(moved_at__gte=since, desk__card_present=True))


def _pause(issuance: Issuance) -> timedelta:
    """Return how long to leave a body alone that answers, and still does nothing for this one."""
    failures = issuance.journal.filter(kind=journal.Kind.FAILURE, facts__code=table.BODY_AWAY)
    pause: timedelta = _FIRST * 2 ** min(failures.count() - 1, 10)
    return min(pause, _LONGEST)


def _taken_up(waiting: Issuance, now: datetime) -> bool:
    """Lock desk and issuance in the order in which an officer who goes on does."""
    with audit.transaction():
        if not _desk_is_free(waiting):
            return False
        issuance = stages.locked(waiting.pk)
        if issuance not in _waiting(now):
            return False
        target = table.resume_at(
            has_request=bool(issuance.request), has_certificate=hasattr(issuance, "certificate")
        )
        stages.move(issuance, target)
        facts = {"issuance": str(issuance.pk), "stage": target}
        audit.append("issuance.resume", subject=issuance.application.number, by=None, facts=facts)
    return True


def _desk_is_free(issuance: Issuance) -> bool:
    case = issuance.application
    try:
        desks.require_free(issuance.desk, case.office, but=case)
    except errors.DeskError:
        return False
    return True

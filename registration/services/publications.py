"""Looks whether a change of status that the body confirmed can be seen by everybody."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from archive.services import audit
from registration import ca
from registration.ca import published
from registration.ca.base import State
from registration.ca.errors import CAError
from registration.models import StatusRequest
from registration.queries import status_requests as queries
from registration.workflow import status

_SHOWN = {
    status.Status.ACTIVE: State.VALID,
    status.Status.SUSPENDED: State.SUSPENDED,
    status.Status.REVOKED: State.REVOKED,
}


def check(now: datetime) -> None:
    """Note for each confirmed change that waits for it that the published list shows it."""
    waiting = list(queries.unpublished())
    if not waiting:
        return
    serials = {serial for row in waiting for serial in _serials(row)}
    try:
        seen = published.states(ca.connect(settings.OVERA), serials, now)
    except CAError:
        return  # the next look comes soon
    for row in waiting:
        if _shows(seen, row):
            _note(row, now)


def _serials(row: StatusRequest) -> list[int]:
    return [int(each.serial, 16) for each in row.certificates.all()]


def _shows(seen: Mapping[int, State], row: StatusRequest) -> bool:
    wanted = _SHOWN[status.target(row.change)]
    return all(seen.get(serial) == wanted for serial in _serials(row))


def _note(row: StatusRequest, now: datetime) -> None:
    with audit.transaction():
        unseen = StatusRequest.objects.filter(pk=row.pk, published_at=None)
        if unseen.update(published_at=now, moved_at=now):
            facts = {"serials": [each.serial for each in row.certificates.all()]}
            audit.append("status.publish", subject=row.application.number, by=None, facts=facts)

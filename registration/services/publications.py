"""Looks whether a change of status that the body confirmed can be seen by everybody."""

from datetime import datetime

from django.db.models import Q

from archive.services import audit
from registration.ca.base import State
from registration.models import StatusRequest
from registration.queries import status_requests as queries
from registration.services import published
from registration.workflow import status

_SHOWN = {
    status.Status.ACTIVE: State.VALID,
    status.Status.SUSPENDED: State.SUSPENDED,
    status.Status.REVOKED: State.REVOKED,
}


def due(now: datetime) -> bool:
    """Return whether a change is waited for that nobody looked for lately."""
    return queries.to_look_for(now).exists()


def look(now: datetime) -> None:
    """Ask the body about the changes that nobody saw yet, and note those that it shows."""
    published.ask(queries.unseen(), now)
    for row in queries.unpublished():
        if _shows(row):
            _note(row, now)


def _shows(row: StatusRequest) -> bool:
    """Tell whether the body said of every certificate, once it was asked to, that it changed."""
    asked_at = row.sent_at or row.moved_at
    shown = Q(
        published__state=_SHOWN[status.target(row.change)],
        published__doubt="",
        published__known_at__gte=asked_at.replace(microsecond=0),  # a body tells whole seconds
    )
    return not row.certificates.exclude(shown).exists()


def _note(row: StatusRequest, now: datetime) -> None:
    with audit.transaction():
        unseen = StatusRequest.objects.filter(pk=row.pk, published_at=None)
        if unseen.update(published_at=now, moved_at=now):
            facts = {"serials": [each.serial for each in row.certificates.all()]}
            audit.append("status.publish", subject=row.application.number, by=None, facts=facts)

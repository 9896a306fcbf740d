"""Records how an officer made sure who stands at the counter."""

from typing import Any

from django.utils import timezone

from archive.services import audit
from registration import errors
from registration.models import Application, IdentityCheck, User
from registration.services import cases
from registration.workflow.states import State

_OPEN = frozenset({State.DRAFT, State.PRINTED, State.SIGNED})


def record(
    application: Application, *, method: str, document: dict[str, Any], note: str, by: User
) -> IdentityCheck:
    """Keep `document` {kind, number, issuer, valid_until: ISO date or None}; the last counts."""
    cases.require_office(application, by)
    with audit.transaction():
        case = cases.require_unmoved(application, by)
        if case.state not in _OPEN:
            raise errors.NotNowError
        check = IdentityCheck.objects.create(
            application=case,
            method=method,
            document=document,
            note=note,
            checked_by=by,
            checked_at=timezone.now(),
        )
        case.version += 1
        case.save()
        audit.append(
            "case.identify",
            subject=case.number,
            by=by,
            facts={"method": method},
            private=document,
        )
    return check

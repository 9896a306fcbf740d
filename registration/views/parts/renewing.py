"""What a case renews, and what renewed its certificates: each with the case at the other end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from registration.models import Application, Certificate
from registration.models.issuances import ROLES
from registration.queries import issuances, renewals
from registration.workflow.states import Procedure


@dataclass(frozen=True)
class Link:
    """A certificate of the case, by its kind, and the one at the other end."""

    role: str
    serial: str  # of the case's own; empty while it is not made
    other: str  # serial
    until: date | None  # of what is renewed, its last day
    case: Application | None  # at the other end; None where it was issued elsewhere
    near: bool  # that case is of the same office: its page may be opened


def shown(application: Application) -> dict[str, Any]:
    """Return what the templates of the data and of the certificates need."""
    renewing = application.procedure == Procedure.RENEW
    return {
        "renews": list(_renews(application)) if renewing else [],
        "renewed": list(_renewed(application)),
    }


def _renews(application: Application) -> Iterator[Link]:
    """Yield what was named when the making began, before it what would be."""
    begun = {each.role: each for each in issuances.live(application)}
    for role in issuances.roles():
        issuance = begun.get(role)
        known = renewals.named(issuance) if issuance else renewals.predecessor(application, role)
        if known is not None:
            theirs = renewals.issued_here(known)
            case = theirs.application if theirs else None
            near = _near(application, case)
            yield Link(_kind(role), "", known.serial, known.last_day, case, near)


def _renewed(application: Application) -> Iterator[Link]:
    for each in Certificate.objects.filter(application=application).order_by("received_at"):
        later = renewals.successor(each)
        if later is not None:
            case, new = later.application, later.certificate.serial
            yield Link(_kind(each.role), each.serial, new, None, case, _near(application, case))


def _near(application: Application, other: Application | None) -> bool:
    return other is not None and other.office_id == application.office_id


def _kind(role: str) -> str:
    return str(dict(ROLES)[role])

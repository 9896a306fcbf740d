"""The making of a case's certificates: one issuance for each role, in the order of their turns."""

from django.conf import settings
from django.db.models import Q, QuerySet

from cardops.cards.profile import Role
from registration.models import Application, Issuance
from registration.workflow.issuance import BODY_AWAY, LIVE, Stage

NOT_ACCEPTED = (Issuance.Acceptance.REFUSED, Issuance.Acceptance.OWED)
_TURN = {role.value: turn for turn, role in enumerate(Role)}


def roles() -> list[Role]:
    """Return the kinds of certificates that a card gets, in the order of their making."""
    wanted = {Role(role) for role in settings.OVERA["ROLES"]}
    return [role for role in Role if role in wanted]


def outstanding(application: Application) -> str:
    """Return "refused" or "owed" where a body has not agreed to a certificate, else nothing."""
    proven = application.issuances.filter(stage=Stage.CONFIRMED, acceptance__in=NOT_ACCEPTED)
    found = set(proven.values_list("acceptance", flat=True))
    return next((str(each.value) for each in NOT_ACCEPTED if each in found), "")


def waiting_for_body() -> QuerySet[Issuance]:
    """Return what stands still for no other reason than that the body could not be reached."""
    found = Issuance.objects.filter(stage=Stage.INTERRUPTED, failure_code=BODY_AWAY)
    return found.select_related("application__office", "desk")


def waiting_at(body: str) -> QuerySet[Issuance]:
    """Return what waits for one body: to be made, or to be agreed to."""
    owed = Q(acceptance=Issuance.Acceptance.OWED)
    waiting = Q(stage=Stage.INTERRUPTED, failure_code=BODY_AWAY) | Q(stage=Stage.WAITING_CA)
    return Issuance.objects.filter(owed | waiting, body=body)


def live(application: Application) -> list[Issuance]:
    """Return what was not given up; empty before the first making."""
    found = Issuance.objects.filter(application=application, stage__in=LIVE)
    return sorted(found, key=lambda each: _TURN[each.role])


def unconfirmed(application: Application) -> list[Issuance]:
    """Return what is still to be made, first the one whose turn it is."""
    return [each for each in live(application) if each.stage != Stage.CONFIRMED]


def current(application: Application) -> Issuance | None:
    """Return the one whose turn it is; the last one when all are confirmed."""
    waiting = [*unconfirmed(application), *live(application)[-1:]]
    return next(iter(waiting), None)

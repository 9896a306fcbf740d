"""How far changes of a status have come, which took too long, which suspensions end soon."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from registration.models import Application, Certificate, Office, StatusRequest
from registration.workflow import requests, status
from registration.workflow.states import OPEN, State
from registration.workflow.status import Clock, Stage


@dataclass(frozen=True)
class Moments:
    """The seven moments of a change; None for what did not happen yet."""

    received: datetime
    authenticated: datetime | None
    decided: datetime | None
    sent: datetime | None
    confirmed: datetime | None
    published: datetime | None
    told: datetime | None


def of(application: Application) -> StatusRequest | None:
    return StatusRequest.objects.filter(application=application).first()


def moments(application: Application) -> Moments:
    row = of(application) or StatusRequest()
    checks = application.identity_checks.order_by("pk")
    if row.decided_at is not None:  # what was noted again later is not what was decided upon
        checks = checks.filter(checked_at__lte=row.decided_at)
    check = checks.last()
    return Moments(
        received=application.created_at,
        authenticated=check.checked_at if check else None,
        decided=row.decided_at,
        sent=row.sent_at,
        confirmed=row.confirmed_at,
        published=row.published_at,
        told=row.told_at,
    )


def clocks(at: Moments) -> dict[str, Clock]:
    """Return the clock from the receipt and, once it is decided, that from the decision.

    Both stop when everybody can see the change.
    """
    hours = int(str(settings.OVERA["STATUS_WITHIN_HOURS"]))
    minutes = int(str(settings.OVERA["STATUS_PUBLISHED_WITHIN_MINUTES"]))
    running = {"received": Clock(at.received, timedelta(hours=hours), at.published)}
    if at.decided:
        running["decided"] = Clock(at.decided, timedelta(minutes=minutes), at.published)
    return running


def unpublished() -> Iterator[StatusRequest]:
    """Yield the confirmed changes that were not seen yet, and that no later one has overtaken."""
    rows = StatusRequest.objects.filter(stage=Stage.DONE, published_at=None)
    for row in rows.select_related("application").prefetch_related("certificates"):
        wanted = status.target(row.change)
        if all(each.status == wanted for each in row.certificates.all()):
            yield row


def unseen() -> QuerySet[Certificate]:
    """Return the certificates whose change everybody is still to see."""
    rows = [row.pk for row in unpublished()]
    return Certificate.objects.filter(status_requests__in=rows).distinct().order_by("pk")


def to_look_for(now: datetime) -> QuerySet[Certificate]:
    """Return those of them about which the body was not asked lately."""
    seconds = settings.OVERA["STATUS"]["UNSEEN_SECONDS"]
    lately = Q(published__checked_at__gt=now - timedelta(seconds=seconds))
    return unseen().exclude(lately)


def overdue(office: Office | None, now: datetime) -> list[Application]:
    """Return the cases of an office for which a clock has run out."""
    procedures = requests.FORM_3.procedures
    ours = Application.objects.filter(office=office, procedure__in=procedures)
    unseen = [row.pk for row in unpublished()]
    running = ours.filter(Q(state__in=OPEN - {State.PERFORMED}) | Q(status_request__in=unseen))
    return [
        each
        for each in running.select_related("office")
        if any(clock.overdue(now) for clock in clocks(moments(each)).values())
    ]


def suspension_ends(certificate: Certificate) -> datetime | None:
    """Return until when a suspended certificate must be reactivated or revoked."""
    days = timedelta(days=int(str(settings.OVERA["SUSPENSION_DAYS"])))
    return certificate.suspended_at + days if certificate.suspended_at else None


def suspended(office: Office | None, now: datetime) -> list[Application]:
    """Return the cases of an office whose certificates were suspended nearly as long as allowed.

    One that has expired meanwhile waits for nobody.
    """
    reminded = timedelta(days=int(str(settings.OVERA["SUSPENSION_REMINDED_DAYS"])))
    held = Certificate.objects.filter(
        application__office=office,
        revoked_at=None,
        suspended_at__isnull=False,
        not_after__gt=now,
    )
    cases = {
        each.application
        for each in held.select_related("application__office")
        if (ends := suspension_ends(each)) and ends - reminded <= now
    }
    return sorted(cases, key=lambda case: case.number)

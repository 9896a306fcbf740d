"""Which cases are to hear that their certificates expire, and which notices wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, QuerySet

from registration.models import Application, Certificate, LetterRun, Notice, Office
from registration.queries import cases, certificates, renewals
from registration.workflow.issuance import Stage

State, Channel = Notice.State, Notice.Channel


@dataclass(frozen=True)
class Due:
    """A case whose certificates end in so many days or fewer."""

    application: Application
    ends_on: date
    days: int  # of the settings: the smallest that is not yet passed


def due(today: date) -> Iterator[Due]:
    """Yield the cases that have reached a number of days and were not told so."""
    limits = sorted(settings.OVERA["NOTICES"]["DAYS"])
    until = today + timedelta(days=limits[-1])
    ends = _live().filter(ends_on__range=(today, until)).values("application")
    for row in ends.annotate(first=Min("ends_on")).order_by("first", "application"):
        left = (row["first"] - today).days
        days = next(limit for limit in limits if left <= limit)
        told = Notice.objects.filter(application=row["application"], ends_on=row["first"])
        if told.filter(days=days).exists():
            continue
        application = Application.objects.get(pk=row["application"])
        if wanted(application, row["first"]):
            yield Due(application, row["first"], days)


def wanted(application: Application, ends_on: date) -> bool:
    """Tell whether certificates of the case still end then, and the person has none that last.

    Of whom nothing is known any more nobody can be told.
    """
    live = _live()
    if not live.filter(application=application, ends_on=ends_on).exists():
        return False
    if not cases.known(application):
        return False
    own = certificates.of_applicant(application).order_by().values("pk")
    others = live.filter(pk__in=own, ends_on__gt=ends_on).exclude(application=application)
    return not others.exists()


def to_send(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(channel=Channel.EMAIL, state=State.WAITING, due_at__lte=now)


def letters(office: Office) -> QuerySet[Notice]:
    """Return what an office has to send by post, who expires first first."""
    waiting = Notice.objects.filter(channel=Channel.LETTER, state=State.WAITING)
    return waiting.filter(application__office=office).select_related("application__office")


def runs(office: Office, *, limit: int) -> QuerySet[LetterRun]:
    """Return the last printings of an office, latest first, each with the number of its letters."""
    printed = LetterRun.objects.filter(office=office).annotate(count=Count("notices"))
    return printed.select_related("printed_by").order_by("-printed_at")[:limit]


def _live() -> QuerySet[Certificate]:
    proven = Certificate.objects.filter(revoked_at=None, issuance__stage=Stage.CONFIRMED)
    return renewals.without_renewed(proven)

"""Whose published status is to be read now, and why nobody could tell it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registration.ca.base import State
from registration.ca.errors import NOT_SET
from registration.models import Certificate
from registration.queries import cases

_SILENT = _("The certification body does not answer.")
_STALE = _("What the certification body publishes is out of date, or the server's clock is wrong.")
_UNPROVEN = _("The answer could not be proven genuine: call the administrator.")
_WHY: dict[str, Any] = {
    "no-address": _("No address is set at which the certification body publishes it."),
    "responder-does-not-know": _(
        "The certification body does not know this certificate: call the administrator."
    ),
    NOT_SET: _("The certification body that issued it is not in the settings any more."),
    "of-another-issuer": _("It was issued by another certification body than the one that is set."),
    "certificate-lost": _("The certificate itself is damaged or gone: call the administrator."),
    "out-of-date": _STALE,
    "not-yet-valid": _STALE,
    **dict.fromkeys(
        (
            *("unreachable", "too-slow", "answered-with-an-error", "responder-refused"),
            "list-cut-short",
        ),
        _SILENT,
    ),
}


def why(doubt: str) -> Any:
    """Say why nobody could tell the status; nothing where there is no doubt."""
    return _WHY.get(doubt, _UNPROVEN) if doubt else ""


def due(now: datetime) -> QuerySet[Certificate]:
    """Return unexpired certificates that were not read lately, those never read first.

    One that is published as revoked stays so: it is not asked about again. Nor is one that was
    destroyed with its record: nobody has it to ask with.
    """
    settled = Q(published__state=State.REVOKED, published__doubt="")
    return (
        Certificate.objects.filter(not_after__gt=now)
        .exclude(settled)
        .exclude(application__in=cases.of_stubs().order_by().values("pk"))
        .filter(_waiting(now))
        .order_by(F("published__checked_at").asc(nulls_first=True), "pk")
    )


def _waiting(now: datetime) -> Q:
    section = settings.OVERA["STATUS"]
    every = now - timedelta(hours=section["EVERY_HOURS"])
    again = now - timedelta(minutes=section["AGAIN_MINUTES"])
    never, long_ago = Q(published=None), Q(published__checked_at__lte=every)
    doubted = ~Q(published__doubt="") & Q(published__checked_at__lte=again)
    return never | long_ago | doubted

"""The step "change" of a case of Obrazac 3, and where a case of Obrazac 1 leads to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.status_requests import ChangeForm, DecideForm, ToldForm
from registration.models import Application, Certificate, StatusRequest
from registration.queries import certificates, gate
from registration.queries import status_requests as queries
from registration.services.status_requests import OTHERWISE
from registration.views import sentences
from registration.workflow import requests
from registration.workflow.states import State
from registration.workflow.status import Clock, Stage, Status

_TITLES: dict[str, Any] = {
    "received": gettext_lazy("Received"),
    "authenticated": gettext_lazy("Identity checked"),
    "decided": gettext_lazy("Decided"),
    "sent": gettext_lazy("Sent to the certification body"),
    "confirmed": gettext_lazy("Confirmed by the certification body"),
    "published": gettext_lazy("Published, everybody can see it"),
    "told": gettext_lazy("The citizen was told"),
}
_CLOCKS: dict[str, Any] = {
    "received": gettext_lazy("From the receipt to the publication"),
    "decided": gettext_lazy("From the decision to the publication"),
}
_FAILURES: dict[str, Any] = {
    "ca-unreachable": gettext_lazy(
        "The certification body cannot be reached. Nothing is lost: it is asked again by itself."
    ),
    "ca-refused": gettext_lazy(
        "The certification body refused the change (%(reason)s). Try again; if it stays, refuse the"
        " request and tell the administrator."
    ),
    OTHERWISE: gettext_lazy(
        "At the certification body the certificate does not stand where this change would lead."
        " Look at its status above, then refuse the request with that reason."
    ),
}


@dataclass(frozen=True)
class Moment:
    code: str
    title: Any
    at: datetime | None


@dataclass(frozen=True)
class Running:
    """A clock as the page shows it."""

    code: str
    title: Any
    clock: Clock
    overdue: bool


@dataclass(frozen=True)
class Held:
    """A certificate of the case, and until when it may stay suspended."""

    certificate: Certificate
    ends: datetime | None

    @property
    def status(self) -> Status:
        return self.certificate.status


def shown(application: Application, bound: Mapping[str, Any], *, acting: bool) -> dict[str, Any]:
    """Return what the step's template needs, and what a case of Obrazac 1 shows of it."""
    if requests.of(application.procedure) != requests.FORM_3:
        return {"changing": None, "told": True} | beside(application, bound, acting=acting)
    row = queries.of(application)
    wanted = acting and application.state == State.SIGNED
    quiet = row is None or row.stage == Stage.INTERRUPTED
    done = row is not None and row.stage == Stage.DONE
    told = row is not None and row.told_at is not None
    moments = queries.moments(application)
    return {
        "changing": row,
        "change_failure": _failure(row),
        "about": [_held(each) for each in certificates.about(application)],
        "moments": [Moment(code, _TITLES[code], getattr(moments, code)) for code in _TITLES],
        "clocks": [] if application.closing_reason else _clocks(moments),
        "change_requirements": gate.requirements(application),
        "change_ready": gate.ready(application),
        "decide_form": bound.get("decide_form", DecideForm()) if wanted and quiet else None,
        "told_form": bound.get("told_form", ToldForm()) if acting and done and not told else None,
        "told": told,
    }


def note(row: StatusRequest | None) -> str:
    """Sum up the finished step in one line."""
    if row is None or row.confirmed_at is None:
        return ""
    at = f"{timezone.localtime(row.confirmed_at):%d.%m.%Y. %H:%M}"
    return _("the certification body confirmed it, %(at)s") % {"at": at}


def live(row: StatusRequest | None) -> bool:
    """Tell whether the body, or its list, is waited for."""
    if row is None or row.published_at is not None:
        return False
    return row.stage == Stage.WAITING or row.told_at is None


def beside(application: Application, bound: Mapping[str, Any], *, acting: bool) -> dict[str, Any]:
    """Return where the certificates of a filed case stand, and the form that opens Obrazac 3."""
    issued = list(application.certificates.order_by("received_at"))
    live_ones = [each for each in issued if each.status != Status.REVOKED]
    asked = acting and application.state == State.FILED and live_ones
    form = bound.get("change_form") or ChangeForm(offered=live_ones)
    return {
        "held": [_held(each) for each in issued] if application.state == State.FILED else [],
        "change_form": form if asked else None,
    }


def _held(certificate: Certificate) -> Held:
    suspended = certificate.status == Status.SUSPENDED
    return Held(certificate, queries.suspension_ends(certificate) if suspended else None)


def _failure(row: StatusRequest | None) -> str:
    if row is None or not row.failure_code:
        return ""
    chosen = sentences.of_body(row.failure_facts) or _FAILURES[row.failure_code]
    sentence: str = str(chosen) % row.failure_facts
    return sentence


def _clocks(moments: queries.Moments) -> list[Running]:
    now = timezone.now()
    return [
        Running(code, _CLOCKS[code], clock, clock.overdue(now))
        for code, clock in queries.clocks(moments).items()
    ]

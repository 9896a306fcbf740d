"""The step "certificate": the requirements before, the progress during, the certificate after."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from registration.forms.issuances import IssueForm
from registration.forms.reasons import ReasonForm
from registration.models import Application, Certificate
from registration.queries import gate
from registration.views.parts import making
from registration.workflow.issuance import Stage
from registration.workflow.states import State


def shown(application: Application, bound: Mapping[str, Any], *, acting: bool) -> dict[str, Any]:
    """Return what the step's template needs."""
    making_now = making.of(application)
    return {
        "making": making_now,
        "requirements": () if making_now else gate.requirements(application),
        "certificates": live_certificates(application),
        "give_up_form": bound.get("give_up_form", ReasonForm(step="give_up")),
        "recall_form": bound.get("recall_form", ReasonForm(step="recall")),
    } | _asked(application, bound, acting=acting)


def _asked(application: Application, bound: Mapping[str, Any], *, acting: bool) -> dict[str, Any]:
    """Return the form that starts the making, while it is time for it."""
    if not acting or application.state != State.SIGNED:
        return {"issue_form": None, "ready": False}
    form = bound.get("issue_form") or IssueForm(application=application)
    return {"issue_form": form, "ready": gate.ready(application)}


def live_certificates(application: Application) -> list[Certificate]:
    """Return the certificates that are on the card, proven and not revoked."""
    proven = application.certificates.filter(revoked_at=None, issuance__stage=Stage.CONFIRMED)
    return list(proven.select_related("published").order_by("received_at"))


def note(certificates: Sequence[Certificate]) -> str:
    """Sum up the finished step in one line."""
    if not certificates:
        return ""
    until = min(each.not_after for each in certificates)
    return _("on the card, valid until %(until)s") % {"until": f"{until:%d.%m.%Y.}"}

"""The step "identity and card": the check on record, the last card read for the case."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from registration.forms import names
from registration.forms.identity import IdentityCheckForm
from registration.models import Application, CardReading, IdentityCheck
from registration.rules.applicant import Applicant
from registration.views import sentences
from registration.workflow.states import State

_CHECKED_IN = frozenset({State.DRAFT, State.PRINTED, State.SIGNED})


def shown(
    application: Application, applicant: Applicant, bound: Mapping[str, Any], *, acting: bool
) -> dict[str, Any]:
    """Return what the step's template needs."""
    card = application.card_readings.last()
    check = application.identity_checks.select_related("checked_by").last()
    waiting = card is not None and card.result == CardReading.Result.WAITING
    open_ = acting and application.state in _CHECKED_IN
    wanted = open_ and not waiting
    return {
        "card": card,
        "card_failure": sentences.of_reading(card) if card else "",
        "differing": names.of(card.differences) if card else [],
        "matched": matches(card),
        "portrait": application.card_readings.filter(
            result=CardReading.Result.READ, differences=[]
        ).last(),
        "reading_allowed": open_,
        "check": check,
        "check_until": _until(check),
        "identity_form": bound.get("identity_form", _form(applicant)) if wanted else None,
    }


def matches(card: CardReading | None) -> bool:
    """Tell whether the last card read is the applicant's."""
    return card is not None and card.result == CardReading.Result.READ and not card.differences


def note(check: IdentityCheck | None) -> str:
    """Sum up the finished step in one line."""
    return _("checked, the card is the applicant's") if check else ""


def _until(check: IdentityCheck | None) -> date | None:
    text = check.document.get("valid_until") if check else None
    return date.fromisoformat(text) if text else None


def _form(applicant: Applicant) -> IdentityCheckForm:
    return IdentityCheckForm(
        initial={
            "kind": _("identity card"),
            "number": applicant.document_number,
            "issuer": applicant.document_authority,
            "valid_until": applicant.document_expires_on,
        }
    )

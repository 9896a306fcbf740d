"""The step "identity and card": the check on record, the last card read for the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from archive import masking
from cardops.identity import IdentityCard, comparison
from registration.forms import names
from registration.forms.identity import IdentityCheckForm
from registration.models import Application, CardReading, IdentityCheck
from registration.queries import matching
from registration.queries.matching import Obstacle
from registration.rules.applicant import Applicant
from registration.services import readings
from registration.views import genuine, sentences
from registration.workflow.states import State

_THEIRS = frozenset({None, Obstacle.OLD, Obstacle.UNPROVEN})
_CHECKED_IN = frozenset({State.DRAFT, State.PRINTED, State.SIGNED})


@dataclass(frozen=True)
class Difference:
    field: str
    in_case: str
    on_card: str


def shown(
    application: Application, applicant: Applicant, bound: Mapping[str, Any], *, acting: bool
) -> dict[str, Any]:
    """Return what the step's template needs."""
    card = application.card_readings.last()
    check = application.identity_checks.select_related("checked_by").last()
    waiting = card is not None and card.result == CardReading.Result.WAITING
    open_ = acting and application.state in _CHECKED_IN
    wanted = open_ and not waiting
    obstacle = matching.obstacle(card)
    return {
        "card": card,
        "card_failure": sentences.of_reading(card) if card else "",
        "differing": _differing(application, card) if card else [],
        "matched": obstacle is None,
        "obstacle": obstacle,
        "theirs": obstacle in _THEIRS,
        "kind": names.of_kind(card.card or {}) if card else "",
        "genuine": genuine.of(card),
        "portrait": application.card_readings.filter(
            result=CardReading.Result.READ, differences=[]
        ).last(),
        "reading_allowed": open_,
        "check": check,
        "check_until": _until(check),
        "identity_form": bound.get("identity_form", _form(applicant)) if wanted else None,
    }


def _differing(application: Application, card: CardReading) -> list[Difference]:
    """Return each field that differs, with what the case and what the card say."""
    if not card.card:
        return []
    here, there = (
        readings.expected(application),
        comparison.fields(IdentityCard.from_json(card.card)),
    )
    return [
        Difference(label, _shown(name, here[name]), _shown(name, there[name]))
        for name, label in zip(card.differences, names.of(card.differences), strict=True)
    ]


def _shown(name: str, value: str) -> str:
    return masking.jmbg(value) if name == "jmbg" else value


def note(check: IdentityCheck | None, *, matched: bool) -> str:
    """Sum up the finished step in one line; on form 3 it may be done without the card."""
    if check is None:
        return ""
    return _("checked, the card is the applicant's") if matched else _("checked")


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

"""The end of a case: hand-over and file, or withdrawn and refused."""

from collections.abc import Mapping
from typing import Any

from registration.forms.reasons import ReasonForm
from registration.models import Application
from registration.queries import cases, history


def shown(application: Application, offered: set[str], bound: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the templates of filing, withdrawal and refusal need."""
    ended = bool(application.closing_reason)
    return {
        "ended": ended,
        "refused": ended and history.was_refused(application),
        "record": cases.record_of(application),
        "closing": ended or "withdraw" in offered,
        "withdraw_form": bound.get("withdraw_form", ReasonForm(step="withdraw")),
        "refuse_form": bound.get("refuse_form", ReasonForm(step="refuse")),
    }

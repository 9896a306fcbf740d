"""The journal at the card: intent before, result or failure after each irreversible step."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from registration.models import Issuance, StatusRequest, Unblocking
from registration.models.journal import JournalLine

Kind = JournalLine.Kind
Journaled = Issuance | Unblocking | StatusRequest


def write(
    about: Journaled,
    kind: Kind,
    step: str,
    *,
    message_id: str = "",
    facts: Mapping[str, Any] | None = None,
) -> JournalLine:
    """Append an entry; `facts` hold no personal data. Runs in the caller's transaction."""
    last = about.journal.aggregate(last=Max("number"))["last"] or 0
    return about.journal.create(
        number=last + 1,
        kind=kind,
        step=step,
        message_id=message_id,
        facts=dict(facts or {}),
    )


def intend(about: Journaled, step: str, facts: Mapping[str, Any] | None = None) -> JournalLine:
    return write(about, Kind.INTENT, step, facts=facts)


def intend_once(about: Journaled, step: str, facts: Mapping[str, Any]) -> None:
    """Note an intent that may be tried many times, as long as another machine is away."""
    if not about.journal.filter(kind=Kind.INTENT, step=step, facts=dict(facts)).exists():
        intend(about, step, facts)


def intended(issuance: Issuance, step: str) -> bool:
    """Tell whether the step was ever about to be done: it may have been."""
    return issuance.journal.filter(kind=Kind.INTENT, step=step).exists()

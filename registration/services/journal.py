"""The journal of an issuance: intent before, result or failure after each irreversible step."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from registration.models import Issuance, JournalEntry

Kind = JournalEntry.Kind


def write(
    issuance: Issuance,
    kind: Kind,
    step: str,
    *,
    message_id: str = "",
    facts: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Append an entry; `facts` hold no personal data. Runs in the caller's transaction."""
    last = issuance.journal.aggregate(last=Max("number"))["last"] or 0
    return JournalEntry.objects.create(
        issuance=issuance,
        number=last + 1,
        kind=kind,
        step=step,
        message_id=message_id,
        facts=dict(facts or {}),
    )


def intend(issuance: Issuance, step: str, facts: Mapping[str, Any] | None = None) -> JournalEntry:
    return write(issuance, Kind.INTENT, step, facts=facts)


def intend_once(issuance: Issuance, step: str, facts: Mapping[str, Any]) -> None:
    """Note an intent that may be tried many times, as long as another machine is away."""
    if not issuance.journal.filter(kind=Kind.INTENT, step=step, facts=dict(facts)).exists():
        intend(issuance, step, facts)


def intended(issuance: Issuance, step: str) -> bool:
    """Tell whether the step was ever about to be done: it may have been."""
    return issuance.journal.filter(kind=Kind.INTENT, step=step).exists()

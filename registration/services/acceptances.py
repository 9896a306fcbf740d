"""Tells a body that a certificate is on the card and read back, where it wants to be told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from archive.services import audit
from registration.ca.base import Connector
from registration.ca.errors import CAError, CARefusedError
from registration.models import Issuance
from registration.queries import bodies
from registration.services import journal, stages, transactions, transcripts

_AGAIN_AFTER = timedelta(seconds=30)
_STEP = "accept"


def owed() -> Iterator[UUID]:
    """Yield the issuances whose body is to be told, or told again."""
    due = _due().filter(body__in=bodies.worth_asking())
    yield from due.values_list("pk", flat=True)


def tell(issuance_id: str) -> None:
    """Tell it now, unless somebody else is just doing so; without an answer it stays owed."""
    with audit.transaction():
        if not _due().filter(pk=issuance_id).update(acceptance_asked_at=timezone.now()):
            return
        issuance = stages.locked(issuance_id)
        journal.intend_once(issuance, _STEP, {"serial": issuance.certificate.serial})
    try:
        with transcripts.kept(issuance):
            _confirm(bodies.of(issuance), issuance)
    except CARefusedError as refusal:
        facts = {"reason": refusal.reason}
        _note(issuance_id, Issuance.Acceptance.REFUSED, journal.Kind.FAILURE, facts)
    except CAError:
        return
    else:
        _note(issuance_id, Issuance.Acceptance.TOLD, journal.Kind.RESULT, {})


def _due() -> Any:
    owing = Issuance.objects.filter(acceptance=Issuance.Acceptance.OWED)
    again = Q(acceptance_asked_at__lt=timezone.now() - _AGAIN_AFTER)
    return owing.filter(Q(acceptance_asked_at=None) | again)


def _confirm(connector: Connector, issuance: Issuance) -> None:
    connector.confirm(transactions.of(issuance), stages.certificate_der(issuance))


def _note(
    issuance_id: str,
    acceptance: Issuance.Acceptance,
    kind: journal.Kind,
    facts: dict[str, str],
) -> None:
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if issuance.acceptance != Issuance.Acceptance.OWED:  # recalled meanwhile
            return
        issuance.acceptance, issuance.moved_at = acceptance, timezone.now()
        issuance.save(update_fields=["acceptance", "moved_at"])
        if acceptance == Issuance.Acceptance.TOLD:
            transactions.close(issuance)
        known = {"serial": issuance.certificate.serial, **facts}
        journal.write(issuance, kind, _STEP, facts=known)
        event = f"certificate.{acceptance}"
        audit.append(event, subject=issuance.application.number, by=None, facts=known)

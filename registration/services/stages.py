"""Moves an issuance along its table, and stops it with a reason."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from archive.services import audit
from registration.models import Issuance
from registration.queries import certificates
from registration.services import journal
from registration.workflow import issuance as table
from registration.workflow.issuance import RUNNING, Stage


def locked(issuance_id: UUID | str) -> Issuance:
    """Return the issuance, its row locked where the database can."""
    found = Issuance.objects.select_for_update(of=("self",), no_key=True).select_related("desk")
    return found.get(pk=issuance_id)


def move(issuance: Issuance, stage: Stage) -> None:
    """Take the arrow and save; StageNotAllowedError where the table has none."""
    table.check(Stage(issuance.stage), stage)
    issuance.stage, issuance.moved_at = stage, timezone.now()
    if stage in RUNNING:
        issuance.failure_code, issuance.failure_facts, issuance.progress = "", {}, {}
    issuance.save()


def interrupt(
    issuance_id: UUID | str, code: str, facts: Mapping[str, Any], *, message_id: str = ""
) -> None:
    """Stop a running issuance where it stands; one that does not run any more is left alone."""
    with audit.transaction():
        issuance = locked(issuance_id)
        if issuance.stage in RUNNING:
            _fail(issuance, Stage.INTERRUPTED, code, facts, message_id)


def lose(issuance: Issuance, reason: str) -> None:
    """Note, in the caller's transaction, that a certificate may exist which nobody received."""
    if issuance.stage == Stage.WAITING_CA:
        _fail(issuance, Stage.UNKNOWN, "ca-answer-lost", {"reason": reason}, "")


def _fail(
    issuance: Issuance, target: Stage, code: str, facts: Mapping[str, Any], message_id: str
) -> None:
    step = issuance.stage
    issuance.failure_code, issuance.failure_facts = code[:60], dict(facts)
    move(issuance, target)
    failure = {"code": code, **facts}
    journal.write(issuance, journal.Kind.FAILURE, step, message_id=message_id, facts=failure)
    seen = {"issuance": str(issuance.pk), "code": code}
    audit.append("issuance.interrupt", subject=issuance.application.number, by=None, facts=seen)


def certificate_der(issuance: Issuance) -> bytes:
    pem = certificates.pem(issuance.certificate)
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)

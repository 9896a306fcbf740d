"""What a desk answers about an issuance: checked, journaled, turned into what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.exceptions import ValidationError
from django.utils import timezone

from cardops.errors import MessageError
from cardops.messages import Message
from registration.ca import keys, proof, subject
from registration.ca.errors import ProofError
from registration.models import Certificate, Desk, Issuance
from registration.queries import certificates
from registration.queries import issuances as queries
from registration.services import bodies, cases, issuances, journal, stages, transactions
from registration.workflow.issuance import RUNNING, Stage


class Then(StrEnum):
    """What is to be done after an answer; the task of that name does it."""

    COMMAND = "command"
    ENROL = "enrol"
    CONCLUDE = "conclude"
    ACCEPT = "accept"
    SUPERSEDE = "supersede"
    STOP = "stop"
    UNBLOCK = "unblock"


@dataclass(frozen=True)
class Next:
    """`issuance`: its id, or the unblocking's."""

    then: Then
    issuance: str


def receive(desk: Desk, message: Message) -> Next | None:
    """Act upon an answer inside of the caller's transaction; MessageError where it is none."""
    verb = _VERBS.get(message.type)
    if verb is None:
        raise MessageError("type")
    try:
        issuance = stages.locked(message.issuance)
    except (Issuance.DoesNotExist, ValidationError) as fault:
        raise MessageError("issuance") from fault
    if issuance.desk_id != desk.pk:
        raise MessageError("issuance")
    return verb(issuance, message)


def _progress(issuance: Issuance, message: Message) -> None:
    if issuance.stage in RUNNING:
        issuance.progress = bodies.progress(message.body)
        issuance.moved_at = timezone.now()
        issuance.save(update_fields=["progress", "moved_at"])


def _failed(issuance: Issuance, message: Message) -> Next | None:
    code, facts = bodies.code(message.body, "code"), bodies.facts(message.body.get("facts"))
    replaced = _replaced(issuance, message)
    if replaced and not issuance.replaced_serial:
        issuance.replaced_serial = replaced
        issuance.save(update_fields=["replaced_serial"])
    if code == "ca-not-confirmed" and issuance.stage in RUNNING:
        return Next(Then.COMMAND, str(issuance.pk))
    stages.interrupt(issuance.pk, code, facts, message_id=message.message_id)
    return None


def _request_made(issuance: Issuance, message: Message) -> Next | None:
    """Journal key and request; an answer that came before, or too late, changes nothing."""
    if issuance.request or issuance.stage not in {Stage.WAITING_CARD, Stage.INTERRUPTED}:
        return None
    csr, spki = bodies.binary(message.body, "csr"), bodies.binary(message.body, "public_key")
    replaced = _replaced(issuance, message)
    try:
        _require_request(issuance, csr, spki)
    except ProofError as fault:
        return _stop(issuance, "request-not-proven", {"reason": fault.reason})
    request = x509.load_der_x509_csr(csr)
    issuance.request = request.public_bytes(Encoding.PEM).decode()
    issuance.public_key = spki
    issuance.replaced_serial = replaced
    _result(issuance, "make-request", message, {"replaced": issuance.replaced_serial})
    if issuance.stage == Stage.INTERRUPTED:  # it was given up for silent; the officer goes on
        issuance.save()
        return None
    stages.move(issuance, Stage.WAITING_CA)
    return Next(Then.ENROL, str(issuance.pk))


def _stop(issuance: Issuance, code: str, facts: dict[str, Any]) -> Next:
    """Do not believe the desk; it is to leave the card and tell the citizen."""
    stages.interrupt(issuance.pk, code, facts)
    return Next(Then.STOP, str(issuance.pk))


def _replaced(issuance: Issuance, message: Message) -> str:
    """Return the serial of the certificate whose key was destroyed; empty for none.

    It will be revoked: a desk that names another person's does not speak the truth.
    """
    serial = bodies.serial(message.body)
    own = certificates.of_applicant(issuance.application)
    others = Certificate.objects.exclude(pk__in=own.order_by().values("pk"))
    if serial and others.filter(serial=serial).exists():
        raise MessageError("replaced")
    return serial


def _require_request(issuance: Issuance, csr: bytes, spki: bytes) -> None:
    named = subject.restore(issuance.subject)
    key = proof.verify_request(csr, named, issuance.email or None)
    if keys.encode(key) != spki:
        raise ProofError("request-of-another-key")
    if keys.kind_of(key) != issuance.key_type:
        raise ProofError("request-of-another-key-kind")


def _certificate_written(issuance: Issuance, message: Message) -> Next | None:
    """Believe the card only after its own proof: byte for byte, and signed by its chip."""
    awaited = issuance.stage in {Stage.WRITING, Stage.INTERRUPTED}
    if not awaited or not hasattr(issuance, "certificate"):
        return None
    certificate, challenge = stages.certificate_der(issuance), bytes(issuance.challenge or b"")
    read_back = bodies.binary(message.body, "read_back")
    signature = bodies.binary(message.body, "signature")
    entries = bodies.count(message.body.get("pin_entries"))
    if read_back != certificate:
        return _stop(issuance, "read-back-differs", {})
    try:
        proof.verify_pairing(certificate, str(issuance.pk), challenge, signature)
    except ProofError as fault:
        return _stop(issuance, "key-not-on-card", {"reason": fault.reason})
    return _confirm(issuance, message, signature, entries)


def _confirm(issuance: Issuance, message: Message, signature: bytes, entries: int) -> Next:
    if issuance.stage == Stage.INTERRUPTED:
        stages.move(issuance, Stage.WRITING)
    issuance.proof, issuance.confirmed_at = signature, timezone.now()
    issuance.acceptance = transactions.acceptance(issuance)
    stages.move(issuance, Stage.CONFIRMED)
    facts = {"serial": issuance.certificate.serial, "pin_entries": entries}
    _result(issuance, "write-certificate", message, facts)
    following = queries.unconfirmed(issuance.application)
    if following:
        issuances.begin(following[0])
    else:
        cases.advance(issuance.application, "confirm", by=None)
    return Next(Then.CONCLUDE, str(issuance.pk))


def _released(_issuance: Issuance, _message: Message) -> None:
    return None


def _result(issuance: Issuance, step: str, message: Message, facts: dict[str, Any]) -> None:
    journal.write(issuance, journal.Kind.RESULT, step, message_id=message.message_id, facts=facts)


_VERBS: dict[str, Callable[[Issuance, Message], Next | None]] = {
    "progress": _progress,
    "failed": _failed,
    "request-made": _request_made,
    "certificate-written": _certificate_written,
    "released": _released,
}

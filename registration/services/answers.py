"""What a desk answers about an issuance: checked, journaled, turned into what comes next."""

import base64
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
from registration.ca import keys, proof
from registration.ca.errors import ProofError
from registration.models import Desk, Issuance
from registration.queries import issuances as queries
from registration.services import cases, issuances, journal, stages
from registration.workflow.issuance import RUNNING, Stage


class Then(StrEnum):
    """What is to be done after an answer; the task of that name does it."""

    COMMAND = "command"
    ENROL = "enrol"
    CONCLUDE = "conclude"
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
        issuance.progress, issuance.moved_at = message.body, timezone.now()
        issuance.save(update_fields=["progress", "moved_at"])


def _failed(issuance: Issuance, message: Message) -> Next | None:
    code, facts = str(message.body["code"]), dict(message.body["facts"])
    if message.body.get("replaced_serial") and not issuance.replaced_serial:
        issuance.replaced_serial = str(message.body["replaced_serial"])
        issuance.save(update_fields=["replaced_serial"])
    if code == "ca-not-confirmed" and issuance.stage in RUNNING:
        return Next(Then.COMMAND, str(issuance.pk))
    stages.interrupt(issuance.pk, code, facts, message_id=message.message_id)
    return None


def _request_made(issuance: Issuance, message: Message) -> Next | None:
    """Journal key and request; an answer that came before, or too late, changes nothing."""
    if issuance.request or issuance.stage not in {Stage.WAITING_CARD, Stage.INTERRUPTED}:
        return None
    csr, spki = _binary(message, "csr"), _binary(message, "public_key")
    try:
        _require_request(issuance, csr, spki)
    except ProofError as fault:
        return _stop(issuance, "request-not-proven", {"reason": fault.reason})
    request = x509.load_der_x509_csr(csr)
    issuance.request = request.public_bytes(Encoding.PEM).decode()
    issuance.public_key = spki
    issuance.replaced_serial = str(message.body["replaced_serial"] or "")
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


def _require_request(issuance: Issuance, csr: bytes, spki: bytes) -> None:
    subject = tuple((str(oid), str(value)) for oid, value in issuance.subject)
    key = proof.verify_request(csr, subject)
    if keys.encode(key) != spki:
        raise ProofError("request-of-another-key")
    if keys.kind_of(key) != issuance.key_type:
        raise ProofError("request-of-another-key-kind")


def _certificate_written(issuance: Issuance, message: Message) -> Next | None:
    """Believe the card only after its own proof: byte for byte, and signed by its chip."""
    if issuance.stage not in {Stage.WRITING, Stage.INTERRUPTED}:
        return None
    certificate = stages.certificate_der(issuance)
    if _binary(message, "read_back") != certificate:
        return _stop(issuance, "read-back-differs", {})
    signature, challenge = _binary(message, "signature"), bytes(issuance.challenge or b"")
    try:
        proof.verify_pairing(certificate, str(issuance.pk), challenge, signature)
    except ProofError as fault:
        return _stop(issuance, "key-not-on-card", {"reason": fault.reason})
    return _confirm(issuance, message, signature)


def _confirm(issuance: Issuance, message: Message, signature: bytes) -> Next:
    if issuance.stage == Stage.INTERRUPTED:
        stages.move(issuance, Stage.WRITING)
    issuance.proof, issuance.confirmed_at = signature, timezone.now()
    stages.move(issuance, Stage.CONFIRMED)
    facts = {"serial": issuance.certificate.serial, "pin_entries": message.body["pin_entries"]}
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


def _binary(message: Message, name: str) -> bytes:
    try:
        return base64.b64decode(message.body[name], validate=True)
    except (KeyError, TypeError, ValueError) as fault:
        raise MessageError("body") from fault


_VERBS: dict[str, Callable[[Issuance, Message], Next | None]] = {
    "progress": _progress,
    "failed": _failed,
    "request-made": _request_made,
    "certificate-written": _certificate_written,
    "released": _released,
}

"""A body behind CMP as a connector: p10cr, certConf, pollReq, rr; who asks keeps the state."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core
from asn1crypto.csr import CertificationRequest
from asn1crypto.x509 import Name
from cryptography import x509

from registration.ca import issuers, proof, transcript
from registration.ca.base import (
    Enrolled,
    EnrolmentRequest,
    Health,
    Pending,
    Phase,
    State,
    Status,
    Transaction,
)
from registration.ca.cmp import answers, messages
from registration.ca.cmp.answers import REJECTION
from registration.ca.cmp.exchange import Line
from registration.ca.cmp.messages import Answer, Question
from registration.ca.cmp.protection import Protection, Trust
from registration.ca.errors import CAError, CARefusedError, repeatable

_TRANSACTION_BYTES = 16
_SIGNING_KEY_TYPES = "1.3.6.1.5.5.7.4.2"  # the general question that every body may answer
_ISSUED = "p10cr"
_RESULTS = {"certificateHold": State.SUSPENDED, "removeFromCRL": State.VALID}
_REASONS = {
    "unspecified": "unspecified",
    "keyCompromise": "key_compromise",
    "affiliationChanged": "affiliation_changed",
    "superseded": "superseded",
    "cessationOfOperation": "cessation_of_operation",
    "certificateHold": "certificate_hold",
    "removeFromCRL": "remove_from_crl",
    "privilegeWithdrawn": "privilege_withdrawn",
}
_NONE = Transaction()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class CmpCA:
    """`authorities`: the issuing CA first, the root last."""

    line: Line
    protection: Protection
    trust: Trust
    authorities: tuple[x509.Certificate, ...]
    clock: Callable[[], datetime] = _now

    @property
    def patience(self) -> float:
        """Allow for connecting and for the exchange."""
        return 2 * self.line.patience

    @property
    def settling(self) -> float:
        return 0

    def begin(self, _key: str) -> Transaction:
        return _new()

    def enrol(
        self, request: EnrolmentRequest, transaction: Transaction = _NONE
    ) -> Enrolled | Pending:
        profile = request.profile
        if transaction.phase == Phase.PENDING:
            polls = [{"number": transaction.number}]
            answer = self._ask("pollreq", polls, transaction, profile)
        else:
            proof.accept(request)
            content = CertificationRequest.load(request.csr)
            answer = self._ask(_ISSUED, content, transaction, profile)
        return answers.granted(answer, transaction)

    def lookup(self, _key: str) -> None:
        """Return nothing: CMP cannot be asked what became of a request."""

    def confirm(self, transaction: Transaction, certificate: bytes) -> None:
        try:
            self._conclude(transaction, [_confirmation(transaction, certificate)])
        except CARefusedError as refusal:
            if refusal.reason != "certificate-confirmed":  # an earlier word arrived, not its answer
                raise

    def reject(self, transaction: Transaction, certificate: bytes | None) -> None:
        """Name the certificate; of one that never came say it of all (an empty list does)."""
        status = {"status": REJECTION}
        named = certificate and [_confirmation(transaction, certificate) | {"status": status}]
        self._conclude(transaction, named or [])

    def revoke(self, serial: int, reason: str, at: datetime) -> Status:
        if reason not in _REASONS:
            raise CARefusedError("reason-not-known")
        try:
            with repeatable():
                request = [self._revocation(serial, reason)]
                answer = self._ask("rr", request, _new(), "")
            answers.require_revoked(answer)
        except CARefusedError as refusal:
            if refusal.reason != "certificate-revoked" or reason in _RESULTS:
                raise
            return Status(State.REVOKED)  # when and why, only its lists tell
        return Status(_RESULTS.get(reason, State.REVOKED), reason, at)

    def status(self, _serial: int) -> Status:
        return Status(State.NOT_TOLD)

    def chain(self) -> tuple[bytes, ...]:
        return issuers.encode(self.authorities)

    def health(self) -> Health:
        """Ask something harmless: whoever answers it knows us, and we know them."""
        at = self.clock()
        try:
            issuers.require_valid(self.authorities[0], at)
            with repeatable():
                self._greet()
        except CAError as error:
            return Health(ok=False, detail=error.reason, at=at)
        return Health(ok=True, detail="", at=at)

    def _greet(self) -> None:
        """Ask; a refusal of the question is protected too, and proves as much."""
        try:
            self._ask("genm", [{"type": _SIGNING_KEY_TYPES}], _new(), "")
        except CARefusedError as refusal:
            if refusal.reason not in answers.UNSERVED:
                raise

    def _conclude(self, transaction: Transaction, content: list[dict[str, Any]]) -> None:
        with repeatable():
            answer = self._ask("certconf", content, transaction, "")
        answers.require(answer, "pkiconf")

    def _revocation(self, serial: int, reason: str) -> dict[str, Any]:
        issuer = Name.load(self.authorities[0].subject.public_bytes())
        entry = {"extn_id": "crl_reason", "extn_value": _REASONS[reason]}
        return {"certificate": {"serial": serial, "issuer": issuer}, "entry": [entry]}

    def _ask(self, kind: str, content: Any, transaction: Transaction, profile: str) -> Answer:
        question = Question(
            kind=kind,
            content=content,
            transaction=bytes.fromhex(transaction.id),
            replying_to=bytes.fromhex(transaction.nonce),
            nonce=messages.new_nonce(),
        )
        sent = messages.compose(question, self.protection, self.authorities[0].subject)
        with transcript.exchange(kind, sent) as exchange:
            received = self.line.exchange(sent, profile)
            exchange.answered(received)
        answer = messages.read(received, question, self.trust, self.clock())
        answers.raise_refusal(answer)
        return answer


def _new() -> Transaction:
    return Transaction(id=secrets.token_hex(_TRANSACTION_BYTES), phase=Phase.ASKED)


def _confirmation(transaction: Transaction, certificate: bytes) -> dict[str, Any]:
    """Hash with the algorithm of the certificate's own signature (RFC 9810, section 5.3.18)."""
    algorithm = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    name = algorithm.name if algorithm else "sha256"
    hashed = core.OctetString(hashlib.new(name, certificate).digest())
    return {"hash": hashed, "number": transaction.number}

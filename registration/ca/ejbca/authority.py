"""A body on EJBCA as a connector: pkcs10enroll, finalize, search, revoke, revocationstatus.

EJBCA does not recognise a repeated request: for an end entity that it knows it issues once more.
So each asking is on record before it leaves, and a certificate is found by its end entity, whose
name is made from the request's key. What is issued is valid at once: confirming says nothing, and
what is not to be used is revoked.
"""

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from registration.ca import issuers, proof
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
from registration.ca.ejbca import answers
from registration.ca.ejbca.line import Line
from registration.ca.errors import CAError, CARefusedError, CAUnreachableError, repeatable

_RANDOM_BYTES = 8
_MOST_FOUND = 20
_SETTLING = 60.0  # seconds: a slow security module, or one that comes back
_UNUSED = "cessationOfOperation"
_NONE = Transaction()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Names:
    """What things are called in EJBCA; `{profile}` in a profile's name is replaced by ours."""

    authority: str
    issuer: str  # its subject DN as EJBCA writes it
    certificate_profile: str
    end_entity_profile: str


@dataclass(frozen=True)
class EjbcaCA:
    """`authorities`: the issuing CA first, the root last. `sends_end`: the card's end is sent."""

    line: Line
    names: Names
    secret: bytes = field(repr=False)
    authorities: tuple[x509.Certificate, ...]
    sends_end: bool = True
    clock: Callable[[], datetime] = _now

    @property
    def patience(self) -> float:
        """Allow for connecting and for the exchange."""
        return 2 * self.line.patience

    @property
    def settling(self) -> float:
        return _SETTLING

    def begin(self, key: str) -> Transaction:
        return Transaction(id=f"{key}.{secrets.token_hex(_RANDOM_BYTES)}", phase=Phase.ASKED)

    def enrol(
        self, request: EnrolmentRequest, transaction: Transaction = _NONE
    ) -> Enrolled | Pending:
        if transaction.phase == Phase.PENDING:
            return self._finalize(transaction)
        proof.accept(request)
        body = self._asked(request, transaction)
        return answers.granted(
            self.line.post("certificate", "pkcs10enroll", body=body), transaction
        )

    def lookup(self, key: str) -> Enrolled | None:
        """Return the newest certificate of the request that is valid."""
        found = self._valid(_entity(key))
        newest = max(found, key=lambda each: each.not_valid_before_utc, default=None)
        return Enrolled(newest.public_bytes(Encoding.DER)) if newest else None

    def confirm(self, transaction: Transaction, certificate: bytes) -> None:
        """Do nothing: what is issued is valid at once."""

    def reject(self, transaction: Transaction, certificate: bytes | None) -> None:
        known = certificate and [x509.load_der_x509_certificate(certificate)]
        for each in known or self._valid(_entity(_key(transaction))):
            self.revoke(each.serial_number, _UNUSED, self.clock())

    def revoke(self, serial: int, reason: str, at: datetime) -> Status:
        """Leave the moment to EJBCA: a date of ours may be refused as backdated, or as future."""
        if reason not in answers.REASONS:
            raise CARefusedError("reason-not-known")
        try:
            with repeatable():
                named = answers.REASONS[reason]
                asked = self.line.put(*self._named(serial), "revoke", reason=named)
                return answers.changed(asked, reason, at)
        except CARefusedError as refusal:
            if refusal.reason != answers.CONFLICT:
                raise
        return self._standing(serial, reason)

    def status(self, serial: int) -> Status:
        try:
            with repeatable():
                return answers.status(self.line.get(*self._named(serial), "revocationstatus"))
        except CARefusedError as refusal:
            if refusal.reason != answers.NOT_FOUND:
                raise
            return Status(State.UNKNOWN)

    def chain(self) -> tuple[bytes, ...]:
        return issuers.encode(self.authorities)

    def health(self) -> Health:
        """Ask whether certificates are served, and for the CAs that we may see: ours is there."""
        at = self.clock()
        try:
            issuers.require_valid(self.authorities[0], at)
            with repeatable():
                self._require_service()
                self._require_ours()
        except CAError as error:
            return Health(ok=False, detail=error.reason, at=at)
        return Health(ok=True, detail="", at=at)

    def _asked(self, request: EnrolmentRequest, transaction: Transaction) -> dict[str, Any]:
        asked = {
            "certificate_request": _pem(request.csr),
            "certificate_profile_name": _filled(self.names.certificate_profile, request),
            "end_entity_profile_name": _filled(self.names.end_entity_profile, request),
            "certificate_authority_name": self.names.authority,
            "username": _entity(request.key),
            "password": self._password(transaction),
            "include_chain": False,
            "response_format": "DER",
        }
        if request.email:
            asked["email"] = request.email
        if request.not_after and self.sends_end:
            end = request.not_after.astimezone(UTC).replace(microsecond=0)
            asked["end_time"] = end.isoformat(sep=" ")
        return asked

    def _password(self, transaction: Transaction) -> str:
        """Return another one for each asking, which finalize needs again: so it is not random."""
        return hmac.new(self.secret, transaction.id.encode(), "sha256").hexdigest()

    def _finalize(self, transaction: Transaction) -> Enrolled | Pending:
        """Go on with what may be approved.

        EJBCA finalizes once: where it refuses, that may have been done without our hearing.
        """
        body = {"response_format": "DER", "password": self._password(transaction)}
        named = ("certificate", str(transaction.number), "finalize")
        try:
            with repeatable():
                return answers.granted(self.line.post(*named, body=body), transaction)
        except CARefusedError:
            known = self.lookup(_key(transaction))
            if known is None:
                raise
            return replace(known, transaction=replace(transaction, phase=Phase.GRANTED))

    def _valid(self, entity: str) -> list[x509.Certificate]:
        """Return the certificates of an end entity that are neither revoked nor suspended."""
        criteria = [
            {"property": "QUERY", "operation": "EQUAL", "value": entity},
            {"property": "STATUS", "operation": "EQUAL", "value": "CERT_ACTIVE"},
        ]
        asked = {"max_number_of_results": _MOST_FOUND, "criteria": criteria}
        with repeatable():
            found = self.line.post("certificate", "search", body=asked)
            listed = answers.listed(found, "certificates")
            ders = [answers.der(each.get("certificate")) for each in listed]
        return [x509.load_der_x509_certificate(each) for each in ders]

    def _standing(self, serial: int, reason: str) -> Status:
        """Return where a certificate stands whose change is refused, if it is what was wanted."""
        found = self.status(serial)
        if found.state == answers.outcome(reason):
            return found
        revoked = found.state == State.REVOKED
        raise CARefusedError("certificate-revoked" if revoked else answers.CONFLICT)

    def _named(self, serial: int) -> tuple[str, str, str]:
        return "certificate", self.names.issuer, f"{serial:x}"

    def _require_service(self) -> None:
        if self.line.get("certificate", "status").data.get("status") != "OK":
            raise CAUnreachableError("not-well-there")

    def _require_ours(self) -> None:
        listed = answers.listed(self.line.get("ca"), "certificate_authorities")
        named = {each.get("name"): each.get("subject_dn") for each in listed}
        if self.names.authority not in named:
            raise CARefusedError("ca-not-known")
        if _plain(str(named[self.names.authority])) != _plain(self.names.issuer):
            raise CARefusedError("issuer-written-otherwise")


def _entity(key: str) -> str:
    return f"overa-{key}"


def _key(transaction: Transaction) -> str:
    return transaction.id.rpartition(".")[0]


def _filled(name: str, request: EnrolmentRequest) -> str:
    return name.replace("{profile}", request.profile)


def _pem(csr: bytes) -> str:
    return x509.load_der_x509_csr(csr).public_bytes(Encoding.PEM).decode()


def _plain(name: str) -> str:
    return re.sub(r"\s*,\s*", ",", name).casefold()

"""What the embedded body answers about one certificate: OCSP (RFC 6960), with the asker's nonce."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from registration.ca import keys
from registration.ca.base import State, Status
from registration.ca.embedded import revocations
from registration.ca.embedded.delegates import Delegate
from registration.ca.embedded.ledger import Ledger

ANSWER_LIFE = timedelta(hours=1)
_MOST_NONCE = 128  # octets (RFC 9654, 2.1)
_ABSENT = x509.ReasonFlags.unspecified.value  # RFC 5280, 5.3.1: absent instead
_NOT_READ = (ValueError, NotImplementedError, UnsupportedAlgorithm)
_STATES = {
    State.VALID: ocsp.OCSPCertStatus.GOOD,
    State.SUSPENDED: ocsp.OCSPCertStatus.REVOKED,
    State.REVOKED: ocsp.OCSPCertStatus.REVOKED,
    State.UNKNOWN: ocsp.OCSPCertStatus.UNKNOWN,
}


def answer(
    request: bytes, ledger: Ledger, issuing: x509.Certificate, delegate: Delegate, now: datetime
) -> bytes:
    """DER of the answer; a request that is none, or asks about another body, is refused."""
    try:
        asked = ocsp.load_der_ocsp_request(request)
        nonce = _nonce(asked)
        ours = _is_ours(asked, issuing)
    except _NOT_READ:
        return refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if not ours:
        return refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    builder = _about(asked, _status(ledger, asked.serial_number), now)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, delegate.certificate)
    builder = builder.certificates([delegate.certificate])
    if nonce is not None:
        builder = builder.add_extension(nonce, critical=False)
    signed = builder.sign(delegate.key, keys.hash_of(delegate.key.public_key()))
    return signed.public_bytes(serialization.Encoding.DER)


def refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    unsigned = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
    return unsigned.public_bytes(serialization.Encoding.DER)


def _nonce(asked: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    """Return the asker's nonce; ValueError for one that no standard allows."""
    try:
        nonce = asked.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None
    if not 1 <= len(nonce.nonce) <= _MOST_NONCE:
        raise ValueError("nonce")
    return nonce


def _is_ours(asked: ocsp.OCSPRequest, issuing: x509.Certificate) -> bool:
    """Tell whether the request names this issuing CA, by the hash that the asker chose."""
    name = hashes.Hash(asked.hash_algorithm)
    name.update(issuing.subject.public_bytes())
    same_key = ocsp.OCSPRequestBuilder().add_certificate(issuing, issuing, asked.hash_algorithm)
    ours = (name.finalize(), same_key.build().issuer_key_hash)
    return ours == (asked.issuer_name_hash, asked.issuer_key_hash)


def _status(ledger: Ledger, serial: int) -> Status:
    if ledger.certificate(serial) is None:
        return Status(State.UNKNOWN)
    return revocations.describe(ledger.last_change(serial))


def _about(asked: ocsp.OCSPRequest, status: Status, now: datetime) -> ocsp.OCSPResponseBuilder:
    named = status.reason and status.reason != _ABSENT
    return ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=asked.issuer_name_hash,
        issuer_key_hash=asked.issuer_key_hash,
        serial_number=asked.serial_number,
        algorithm=asked.hash_algorithm,
        cert_status=_STATES[status.state],
        this_update=now,
        next_update=now + ANSWER_LIFE,
        revocation_time=status.at.replace(microsecond=0) if status.at else None,
        revocation_reason=x509.ReasonFlags(status.reason) if named else None,
    )

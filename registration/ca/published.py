"""What a certification body has published of a certificate's status: its revocation list."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from registration.ca.base import Connector, State

_HOLD = x509.ReasonFlags.certificate_hold


@runtime_checkable
class Publisher(Protocol):
    """A body whose list can be had from it."""

    def crl(self) -> bytes: ...


def states(connector: Connector, serials: Collection[int], now: datetime) -> Mapping[int, State]:
    """Return what the list says of each serial; nothing where no list could be had that counts.

    A list counts that the issuing CA signed and that is not out of date. Raises CAError.
    """
    if not isinstance(connector, Publisher):
        return {}
    crl = x509.load_der_x509_crl(connector.crl())
    issuer = x509.load_der_x509_certificate(connector.chain()[0])
    if not _counts(crl, issuer, now):
        return {}
    return {
        serial: _state(crl.get_revoked_certificate_by_serial_number(serial)) for serial in serials
    }


def _counts(crl: x509.CertificateRevocationList, issuer: x509.Certificate, now: datetime) -> bool:
    key = issuer.public_key()
    if not isinstance(key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey)):
        return False
    ends = crl.next_update_utc
    return ends is not None and now < ends and crl.is_signature_valid(key)


def _state(entry: x509.RevokedCertificate | None) -> State:
    if entry is None:
        return State.VALID
    reasons = [each.value for each in entry.extensions if isinstance(each.value, x509.CRLReason)]
    held = any(each.reason is _HOLD for each in reasons)
    return State.SUSPENDED if held else State.REVOKED

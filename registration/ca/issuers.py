"""The authorities of a body as the settings name them: the issuing CA first, the root last."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from registration.ca.errors import CARefusedError


def encode(authorities: tuple[x509.Certificate, ...]) -> tuple[bytes, ...]:
    return tuple(each.public_bytes(Encoding.DER) for each in authorities)


def require_valid(issuing: x509.Certificate, at: datetime) -> None:
    if not issuing.not_valid_before_utc <= at <= issuing.not_valid_after_utc:
        raise CARefusedError("issuing-ca-expired")

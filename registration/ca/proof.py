"""The two proofs that the card gives: for its request, and for the certificate written into it."""

import secrets

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from registration.ca import keys, subject
from registration.ca.base import EnrolmentRequest, Subject
from registration.ca.errors import CARefusedError, ProofError

CHALLENGE_BYTES = 32
_TAG = b"overa pairing proof"


def new_challenge() -> bytes:
    return secrets.token_bytes(CHALLENGE_BYTES)


def pairing_message(issuance: str, challenge: bytes) -> bytes:
    """Compose what the chip signs; the tag keeps it from being another document."""
    return b"\x00".join((_TAG, issuance.encode("ascii"), challenge))


def verify_request(csr: bytes, expected: Subject, email: str | None = None) -> keys.PublicKey:
    """Return the key of a PKCS#10 (DER) that its own key signed and that names the person.

    It asks for this e-mail address in the certificate, or for none.
    """
    try:
        request = x509.load_der_x509_csr(csr)
        key, signed = request.public_key(), request.is_signature_valid
        addresses = subject.addresses(request.extensions)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ProofError("request-malformed") from error
    if not signed:
        raise ProofError("request-signature-does-not-verify")
    if request.subject != subject.name(expected):
        raise ProofError("request-names-another-subject")
    if addresses != ((email,) if email else ()):
        raise ProofError("request-names-another-email")
    return keys.require(key)


def accept(request: EnrolmentRequest) -> None:
    """Refuse here what a body would not see there: it gets nothing but the PKCS#10."""
    try:
        verify_request(request.csr, request.subject, request.email)
    except ProofError as error:
        raise CARefusedError(error.reason) from error


def verify_pairing(certificate: bytes, issuance: str, challenge: bytes, signature: bytes) -> None:
    """Raise ProofError unless the key in the certificate (DER) signed this challenge."""
    if len(challenge) != CHALLENGE_BYTES:
        raise ProofError("challenge-of-wrong-length")
    try:
        key = keys.require(x509.load_der_x509_certificate(certificate).public_key())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ProofError("certificate-malformed") from error
    keys.verify(key, signature, pairing_message(issuance, challenge), keys.hash_of(key))

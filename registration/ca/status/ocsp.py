"""One question about one certificate (RFC 6960), and every doubt about its answer."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from registration.ca import keys
from registration.ca.base import State
from registration.ca.errors import ProofError
from registration.ca.status.answer import Answer, Source, StatusError, require_current, state_of

MEDIA_TYPE = "application/ocsp-request"
_NONCE = 32  # octets (RFC 9654, 2.1)
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_NOT_READ = (ValueError, TypeError, NotImplementedError, UnsupportedAlgorithm)
_STATUS = ocsp.OCSPCertStatus


@dataclass(frozen=True)
class Question:
    """`digest` names the issuer: SHA-1 is what every responder knows, and nothing rests on it."""

    request: ocsp.OCSPRequest
    nonce: bytes
    issuer: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.request.public_bytes(serialization.Encoding.DER)


def question(certificate: x509.Certificate, issuer: x509.Certificate) -> Question:
    nonce = secrets.token_bytes(_NONCE)
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
    builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return Question(builder.build(), nonce, issuer)


def read(answer: bytes, asked: Question, now: datetime, *, nonce_required: bool = True) -> Answer:
    """Return what the answer says of the certificate; StatusError where it must not be believed."""
    try:
        response = ocsp.load_der_ocsp_response(answer)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise StatusError("responder-refused", retryable=True)
        _require_signature(response, _signer(response, asked.issuer, now))
        _require_extensions(response)
        _require_nonce(response, asked.nonce, required=nonce_required)
        return _told(_single(response, asked.request), now)
    except _NOT_READ as fault:
        raise StatusError("answer-malformed") from fault


def _told(single: ocsp.OCSPSingleResponse, now: datetime) -> Answer:
    require_current(single.this_update_utc, single.next_update_utc, now)
    if single.certificate_status is _STATUS.UNKNOWN:
        raise StatusError("responder-does-not-know", final=True)
    if single.certificate_status is _STATUS.GOOD:
        return Answer(State.VALID, single.this_update_utc, Source.OCSP)
    reason = single.revocation_reason.value if single.revocation_reason else ""
    return Answer(
        state_of(reason), single.this_update_utc, Source.OCSP, reason, single.revocation_time_utc
    )


def _single(response: ocsp.OCSPResponse, request: ocsp.OCSPRequest) -> ocsp.OCSPSingleResponse:
    """Return the answer about our certificate: about this serial number of this issuer."""
    answers = list(response.responses)
    if len(answers) != 1 or _identifier(answers[0]) != _identifier(request):
        raise StatusError("about-another-certificate")
    return answers[0]


def _identifier(named: ocsp.OCSPSingleResponse | ocsp.OCSPRequest) -> tuple[object, ...]:
    algorithm = named.hash_algorithm.name
    return algorithm, named.issuer_name_hash, named.issuer_key_hash, named.serial_number


def _require_extensions(response: ocsp.OCSPResponse) -> None:
    """Refuse what is critical and unknown to us: it could say that the answer means less."""
    every = (*response.extensions, *response.single_extensions)
    if any(each.critical and each.oid != x509.OCSPNonce.oid for each in every):
        raise StatusError("critical-extension-not-known")


def _require_nonce(response: ocsp.OCSPResponse, sent: bytes, *, required: bool) -> None:
    try:
        found = response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound as fault:
        if required:
            raise StatusError("nonce-missing") from fault
        return
    if not secrets.compare_digest(found, sent):
        raise StatusError("nonce-differs")


def _require_signature(response: ocsp.OCSPResponse, signer: x509.Certificate) -> None:
    algorithm = response.signature_hash_algorithm
    if not isinstance(algorithm, _HASHES):
        raise StatusError("algorithm-not-accepted")
    try:
        keys.verify(signer.public_key(), response.signature, response.tbs_response_bytes, algorithm)
    except ProofError as fault:
        raise StatusError("signature-wrong") from fault


def _signer(
    response: ocsp.OCSPResponse, issuer: x509.Certificate, now: datetime
) -> x509.Certificate:
    """Return who signed: the issuer, or a delegate that the issuer itself certified for this."""
    if _is_named(response, issuer):
        return issuer
    for candidate in response.certificates:
        if _is_named(response, candidate) and _is_authorised(candidate, issuer, now):
            return candidate
    raise StatusError("responder-not-authorised")


def _is_named(response: ocsp.OCSPResponse, candidate: x509.Certificate) -> bool:
    if response.responder_name is not None:
        return response.responder_name == candidate.subject
    key = x509.SubjectKeyIdentifier.from_public_key(candidate.public_key())
    return response.responder_key_hash == key.digest  # both SHA-1 (RFC 6960, 4.2.2.3)


def _is_authorised(candidate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bool:
    """RFC 6960, 4.2.2.2: issued by the same CA, for this use, and not to be checked in its turn."""
    try:
        candidate.verify_directly_issued_by(issuer)
    except (InvalidSignature, *_NOT_READ):
        return False
    if not candidate.not_valid_before_utc <= now <= candidate.not_valid_after_utc:
        return False
    return _may_sign_answers(candidate.extensions)


def _may_sign_answers(extensions: x509.Extensions) -> bool:
    try:
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        extensions.get_extension_for_class(x509.OCSPNoCheck)
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes and usage.digital_signature

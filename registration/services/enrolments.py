"""The CA's step of an issuance: intent, request outside of any transaction, checks, result."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from archive.services import audit
from registration import ca
from registration.ca import checks, profiles, proof, validity
from registration.ca.base import Connector, Enrolled, EnrolmentRequest, Pending
from registration.ca.errors import CAError, CertificateRejectedError
from registration.models import Certificate, Issuance
from registration.rules.applicant import Applicant
from registration.services import journal, revocations, stages
from registration.workflow.issuance import Stage


@dataclass(frozen=True)
class _Ask:
    """One request to the CA with what its answer is held against."""

    connector: Connector
    request: EnrolmentRequest
    card_expires: datetime | None


def enrol(issuance_id: str) -> bool:
    """Get the certificate of an issuance that waits for it; tell whether it is to be written now.

    The issuance's id is the request's key: asking again gives the same certificate.
    """
    issuance = _intend(issuance_id)
    if issuance is None:
        return False
    try:
        ask = _ask(issuance)
        answer = ask.connector.enrol(ask.request)
        if isinstance(answer, Pending):
            return False
        certificate = _checked(ask, answer)
    except CertificateRejectedError as fault:
        _revoke_rejected(ask, answer)
        stages.interrupt(issuance_id, "certificate-rejected", {"findings": list(fault.findings)})
        return False
    except CAError as fault:
        code = "ca-unreachable" if fault.retryable else "ca-refused"
        stages.interrupt(issuance_id, code, {"reason": fault.reason})
        return False
    return _save(issuance_id, certificate) or _discard(issuance_id, certificate)


def _intend(issuance_id: str) -> Issuance | None:
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if issuance.stage != Stage.WAITING_CA:
            return None
        journal.intend(issuance, "enrol")
    return issuance


def _ask(issuance: Issuance) -> _Ask:
    applicant = Applicant.from_json(issuance.application.applicant)
    expires = applicant.document_expires_on
    last_moment = validity.end_of(expires) if expires else None
    csr = x509.load_pem_x509_csr(issuance.request.encode()).public_bytes(Encoding.DER)
    request = EnrolmentRequest(
        key=str(issuance.pk),
        csr=csr,
        subject=tuple((str(oid), str(value)) for oid, value in issuance.subject),
        profile=profiles.named(profiles.STRICT, issuance.role),
        email=issuance.email or None,
        not_after=last_moment,
    )
    return _Ask(ca.connect(settings.OVERA), request, last_moment)


def _checked(ask: _Ask, answer: Enrolled) -> x509.Certificate:
    return checks.check(
        answer.certificate,
        ask.request,
        ask.connector.chain(),
        timezone.now(),
        ask.card_expires,
    )


def _revoke_rejected(ask: _Ask, answer: Enrolled | Pending) -> None:
    """Let no certificate stay valid that nobody will write."""
    if isinstance(answer, Enrolled):
        try:
            serial = x509.load_der_x509_certificate(answer.certificate).serial_number
            ask.connector.revoke(serial, "superseded", timezone.now())
        except (ValueError, CAError):
            return


def _save(issuance_id: str, certificate: x509.Certificate) -> bool:
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if issuance.stage != Stage.WAITING_CA:
            return False
        saved = _row(issuance, certificate)
        facts = {"serial": saved.serial, "sha256": saved.sha256}
        journal.write(issuance, journal.Kind.RESULT, "enrol", facts=facts)
        audit.append("certificate.issue", subject=issuance.application.number, by=None, facts=facts)
        issuance.challenge = proof.new_challenge()
        stages.move(issuance, Stage.WRITING)
        journal.intend(issuance, "write-certificate", {"desk": issuance.desk.code})
    return True


def _discard(issuance_id: str, certificate: x509.Certificate) -> bool:
    """Revoke what came too late for an issuance that was given up; there is nothing to write."""
    given_up = Issuance.objects.filter(pk=issuance_id, stage=Stage.ABANDONED).exists()
    if given_up:
        revocations.discard(issuance_id, certificate.serial_number)
    return False


def _row(issuance: Issuance, certificate: x509.Certificate) -> Certificate:
    der = certificate.public_bytes(Encoding.DER)
    return Certificate.objects.create(
        issuance=issuance,
        application=issuance.application,
        role=issuance.role,
        serial=f"{certificate.serial_number:x}",
        issuer=certificate.issuer.rfc4514_string(),
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        sha256=hashlib.sha256(der).hexdigest(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        ends_on=_last_day(issuance, certificate),
    )


def _last_day(issuance: Issuance, certificate: x509.Certificate) -> date:
    """Return the last day of the certificate or of the card, whichever is first."""
    own = timezone.localdate(certificate.not_valid_after_utc)
    card = Applicant.from_json(issuance.application.applicant).document_expires_on
    return min(own, card) if card else own

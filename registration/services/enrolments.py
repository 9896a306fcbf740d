"""The CA's step of an issuance: intent, request outside of any transaction, checks, result."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from archive.services import audit
from registration.ca import checks, profiles, proof, subject, validity
from registration.ca.base import Connector, Enrolled, EnrolmentRequest, Pending, Phase, Transaction
from registration.ca.errors import (
    AnswerLostError,
    CAError,
    CAUnreachableError,
    CertificateRejectedError,
)
from registration.models import Certificate, Issuance
from registration.queries import bodies
from registration.rules.applicant import Applicant
from registration.services import journal, revocations, stages, transactions, transcripts
from registration.workflow.issuance import BODY_AWAY, Stage


@dataclass(frozen=True)
class _Ask:
    """One request to the CA with what its answer is held against."""

    connector: Connector
    request: EnrolmentRequest
    card_expires: datetime | None
    transaction: Transaction
    lost: bool = False  # it was made, and nobody waits for its answer any more


def enrol(issuance_id: str) -> bool:
    """Get the certificate of an issuance that waits for it; tell whether it is to be written now.

    The issuance's id is the request's key: where a body keeps such keys, asking again gives the
    same certificate. Else an answer that did not come is looked up; where the body finds nothing,
    or has no such question, it leaves the issuance unknown.
    """
    try:
        begun = Issuance.objects.get(pk=issuance_id)
        ask = _intend(issuance_id, bodies.of(begun))
        if ask is not None and ask.lost:
            return _look_up(issuance_id, ask, "no-answer")
        return ask is not None and _enrol(issuance_id, ask)
    except CAError as fault:
        _interrupt(issuance_id, fault)
        return False


def _enrol(issuance_id: str, ask: _Ask) -> bool:
    try:
        with transcripts.kept(Issuance(pk=issuance_id)):
            answer = ask.connector.enrol(ask.request, ask.transaction)
    except AnswerLostError as fault:
        return _look_up(issuance_id, ask, fault.reason)
    except CAError as fault:
        _end(issuance_id, ask, fault)
        return False
    if isinstance(answer, Pending):
        return _wait(issuance_id, answer)
    return _take(issuance_id, ask, answer)


def _intend(issuance_id: str, connector: Connector) -> _Ask | None:
    """Put on record that the body is asked; None where it is not to be asked now."""
    _reject_unwanted(issuance_id, connector)
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if issuance.stage != Stage.WAITING_CA:
            return None
        transaction = transactions.of(issuance)
        if transaction.phase == Phase.ASKED:
            lost = transactions.is_lost(issuance, connector, timezone.now())
            return _ask(issuance, connector, transaction, lost=True) if lost else None
        if transaction.phase != Phase.PENDING:
            transaction = connector.begin(str(issuance.pk))
            transactions.keep(issuance, transaction)
            journal.intend(issuance, "enrol", transactions.facts(transaction))
    return _ask(issuance, connector, transaction)


def _reject_unwanted(issuance_id: str, connector: Connector) -> None:
    issuance = Issuance.objects.get(pk=issuance_id)
    if issuance.stage == Stage.WAITING_CA and transactions.unwanted(issuance):
        with transcripts.kept(issuance):
            transactions.reject(connector, transactions.of(issuance), None)
        with audit.transaction():
            transactions.close(stages.locked(issuance_id))


def _ask(
    issuance: Issuance, connector: Connector, transaction: Transaction, *, lost: bool = False
) -> _Ask:
    applicant = Applicant.from_json(issuance.application.applicant)
    expires = applicant.document_expires_on
    last_moment = validity.end_of(expires) if expires else None
    csr = x509.load_pem_x509_csr(issuance.request.encode()).public_bytes(Encoding.DER)
    request = EnrolmentRequest(
        key=str(issuance.pk),
        csr=csr,
        subject=subject.restore(issuance.subject),
        profile=profiles.named(issuance.profiles, issuance.role),
        email=issuance.email or None,
        not_after=last_moment,
    )
    return _Ask(connector, request, last_moment, transaction, lost)


def _interrupt(issuance_id: str, fault: CAError) -> None:
    code = BODY_AWAY if fault.retryable else "ca-refused"
    stages.interrupt(issuance_id, code, {"reason": fault.reason})


def _look_up(issuance_id: str, ask: _Ask, reason: str) -> bool:
    """Take what was issued without our hearing of it; else, after a while, a person decides.

    Where the body cannot be reached, what was asked stays on record, and is looked up later.
    """
    try:
        with transcripts.kept(Issuance(pk=issuance_id)):
            known = ask.connector.lookup(ask.request.key)
    except CAUnreachableError as fault:
        _interrupt(issuance_id, fault)
        return False
    if known is None:
        _lose(issuance_id, ask, reason)
        return False
    granted = replace(ask.transaction, phase=Phase.GRANTED)
    return _take(issuance_id, ask, replace(known, transaction=granted))


def _lose(issuance_id: str, ask: _Ask, reason: str) -> None:
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if transactions.may_come(issuance, ask.connector, timezone.now()):
            return  # the sweep looks again
        if transactions.of(issuance).id == ask.transaction.id:
            stages.lose(issuance, reason)


def _end(issuance_id: str, ask: _Ask, fault: CAError) -> None:
    """Nothing was issued. What waits for approval is asked for again by the sweep, or refused."""
    if ask.transaction.phase == Phase.PENDING:
        if not fault.retryable:
            _interrupt(issuance_id, fault)
        return
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if transactions.of(issuance).id == ask.transaction.id:
            transactions.close(issuance)
        _interrupt(issuance_id, fault)


def _wait(issuance_id: str, answer: Pending) -> bool:
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if transactions.of(issuance).id != answer.transaction.id:
            return False
        transactions.keep(issuance, answer.transaction)
        if issuance.stage == Stage.WAITING_CA:
            issuance.progress = {"stage": transactions.APPROVAL, "check_after": answer.check_after}
            issuance.moved_at = timezone.now()
            issuance.save(update_fields=["progress", "moved_at"])
    return False


def _take(issuance_id: str, ask: _Ask, answer: Enrolled) -> bool:
    try:
        certificate = _checked(ask, answer)
    except CertificateRejectedError as fault:
        _hold(issuance_id, answer)
        with suppress(ValueError, CAError):  # then it is tried again before the body is asked anew
            revocations.dismiss(issuance_id, answer, revocations.SUPERSEDED)
        stages.interrupt(issuance_id, "certificate-rejected", {"findings": list(fault.findings)})
        return False
    taken = _save(issuance_id, answer, certificate)
    if taken is None:
        _discard(issuance_id, answer)
    return bool(taken)


def _hold(issuance_id: str, answer: Enrolled) -> None:
    """Keep that the body waits for a word about a certificate which is not taken."""
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if transactions.awaits(issuance, answer.transaction):
            transactions.keep(issuance, answer.transaction)


def _checked(ask: _Ask, answer: Enrolled) -> x509.Certificate:
    return checks.check(
        answer.certificate,
        ask.request,
        ask.connector.chain(),
        timezone.now(),
        ask.card_expires,
    )


def _save(issuance_id: str, answer: Enrolled, certificate: x509.Certificate) -> bool | None:
    """Tell whether it is to be written now; None where it is not wanted (any more)."""
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if not _is_wanted(issuance, answer.transaction):
            return None
        saved = _row(issuance, certificate)
        issuance.transaction = answer.transaction.to_json()
        issuance.challenge = proof.new_challenge()
        facts = {"serial": saved.serial, "sha256": saved.sha256}
        known = facts | transactions.facts(answer.transaction)
        journal.write(issuance, journal.Kind.RESULT, "enrol", facts=known)
        audit.append("certificate.issue", subject=issuance.application.number, by=None, facts=facts)
        return _go_on(issuance)


def _is_wanted(issuance: Issuance, transaction: Transaction) -> bool:
    """Take even a late answer where it cannot be had again."""
    if not transaction.id:
        return issuance.stage == Stage.WAITING_CA
    awaiting = issuance.stage in {Stage.WAITING_CA, Stage.UNKNOWN, Stage.INTERRUPTED}
    return awaiting and transactions.awaits(issuance, transaction)


def _go_on(issuance: Issuance) -> bool:
    """Let the desk write; what was interrupted meanwhile goes on when the officer says so."""
    if issuance.stage == Stage.INTERRUPTED:
        issuance.save()
        return False
    if issuance.stage == Stage.UNKNOWN:
        stages.move(issuance, Stage.WAITING_CA)
    stages.move(issuance, Stage.WRITING)
    journal.intend(issuance, "write-certificate", {"desk": issuance.desk.code})
    return True


def _discard(issuance_id: str, answer: Enrolled) -> None:
    """End what came too late, or for a request that was given up; there is nothing to write."""
    issuance = Issuance.objects.get(pk=issuance_id)
    unheard = answer.transaction.id and not hasattr(issuance, "certificate")
    if issuance.stage == Stage.ABANDONED or unheard:
        revocations.dismiss(issuance_id, answer, revocations.CEASED)


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

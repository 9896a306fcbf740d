"""Ends certificates: of an issuance given up, recalled, or whose key a new one destroyed."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from cryptography import x509
from django.db.models import Exists, OuterRef
from django.utils import timezone

from archive.services import audit, records
from archive.services.keeping import endings
from registration import errors
from registration.ca.base import Connector, Enrolled, Transaction
from registration.ca.errors import CAError, CARefusedError
from registration.models import Application, Certificate, Handover, Issuance, User
from registration.queries import bodies, renewals
from registration.queries import cases as case_queries
from registration.queries import issuances as queries
from registration.services import cases, journal, packets, stages, transactions, transcripts
from registration.workflow.issuance import Stage, StageNotAllowedError
from registration.workflow.states import State

SUPERSEDED, CEASED = "superseded", "cessationOfOperation"
_THROWN_AWAY = "bad-certificate-id"
_STOPPED = frozenset({Stage.INTERRUPTED, Stage.UNKNOWN})


def give_up(application: Application, reason: str, *, by: User) -> None:
    """End a making that stands still; certificates that could not all be placed are revoked.

    Raises StillRunningError or, when the CA cannot be reached, CANotReachedError: then nothing
    changed but the intent.
    """
    cases.require_officer(application, by)
    current = queries.current(application)
    if current is not None and current.progress.get("stage") == transactions.APPROVAL:
        stages.interrupt(current.pk, "approval-not-awaited", {})
        current.refresh_from_db()
    if current is None or current.stage not in _STOPPED:
        raise errors.StillRunningError
    _end(application, "give_up", reason, by)


def recall(application: Application, reason: str, *, by: User) -> None:
    """Take back proven certificates in which a fault was found before the hand-over."""
    cases.require_officer(application, by)
    application = Application.objects.get(pk=application.pk)
    handed_over = Handover.objects.filter(application=application).exists()
    if application.state != State.ISSUED or handed_over:
        raise errors.TooLateError
    _end(application, "recall", reason, by)


def supersede(issuance_id: str) -> None:
    """Revoke what the confirmed certificate took the place of, if it was ours.

    That is the one whose key it destroyed; by the office's rule also the one that it renews.
    Raises CAError where the body that issued it does not agree: then it stays unfinished.
    """
    issuance = Issuance.objects.get(pk=issuance_id)
    if issuance.stage != Stage.CONFIRMED:
        return
    for ended in filter(None, {_replaced(issuance), _renewed(issuance)}):
        _revoke_replaced(issuance, ended)


def unfinished() -> Iterator[UUID]:
    """Yield the confirmed issuances that took the place of a certificate which is not revoked."""
    asked = Certificate.objects.filter(issuance__body__in=bodies.worth_asking())
    live = asked.filter(revoked_at=None)
    confirmed = Issuance.objects.filter(stage=Stage.CONFIRMED)
    replacing = confirmed.exclude(replaced_serial="").filter(
        replaced_serial__in=live.values("serial")
    )
    yield from replacing.values_list("pk", flat=True)
    named = live.filter(serial=OuterRef("renews_serial"), issuer=OuterRef("renews_issuer"))
    renewing = confirmed.filter(
        Exists(named), ends_renewed=True, application__handover__isnull=False
    )
    yield from renewing.exclude(pk__in=replacing).values_list("pk", flat=True)


def dismiss(issuance_id: str, answer: Enrolled, why: str) -> None:
    """End a certificate that nobody will write: rejected, else revoked; CAError if it cannot."""
    issuance = Issuance.objects.get(pk=issuance_id)
    connector, serial = bodies.of(issuance), _serial(answer)
    if _rejected(connector, issuance, answer.transaction, answer.certificate):
        _note_rejected(issuance, f"{serial:x}")
    else:
        _revoke(connector, issuance, serial, why)
    with audit.transaction():
        issuance = stages.locked(issuance_id)
        if transactions.of(issuance).id == answer.transaction.id:
            transactions.close(issuance)


def _end(application: Application, step: str, reason: str, by: User) -> None:
    try:
        for issuance in queries.live(application):
            _end_own(bodies.of(issuance), issuance)
            replaced = _replaced(issuance)
            if replaced is not None:
                _revoke_replaced(issuance, replaced)
    except CAError as fault:
        raise bodies.refusal(fault) from fault
    with audit.transaction():
        for issuance in queries.live(application):
            _abandon(stages.locked(issuance.pk))
        packets.supersede_receipt(application)
        cases.advance(application, step, by=by, facts={"reason": reason})


def _abandon(issuance: Issuance) -> None:
    issuance.acceptance = Issuance.Acceptance.NONE
    transactions.close(issuance)
    try:
        stages.move(issuance, Stage.ABANDONED)
    except StageNotAllowedError as fault:  # somebody went on with it, or ended it already
        raise errors.NotNowError from fault


def _end_own(connector: Connector, issuance: Issuance) -> None:
    """Reject what the body may have issued for it; what is confirmed already is revoked."""
    certificate = Certificate.objects.filter(issuance=issuance, revoked_at=None).first()
    der = stages.certificate_der(issuance) if certificate else None
    if _rejected(connector, issuance, transactions.of(issuance), der):
        _note_rejected(issuance, certificate.serial if certificate else "")
        return
    known = connector.lookup(str(issuance.pk)) if issuance.request else None
    if known is not None:
        _revoke(connector, issuance, _serial(known), CEASED)
    elif certificate is not None:
        _revoke_own(connector, issuance, certificate)


def _rejected(
    connector: Connector, issuance: Issuance, transaction: Transaction, certificate: bytes | None
) -> bool:
    with transcripts.kept(issuance):
        return transactions.reject(connector, transaction, certificate)


def _revoke_own(connector: Connector, issuance: Issuance, certificate: Certificate) -> None:
    """Revoke it; a body that was never told of it may have thrown it away by itself."""
    try:
        _revoke(connector, issuance, int(certificate.serial, 16), CEASED)
    except CARefusedError as refusal:
        if refusal.reason != _THROWN_AWAY or issuance.acceptance not in queries.NOT_ACCEPTED:
            raise
        _note_rejected(issuance, certificate.serial)


def _note_rejected(issuance: Issuance, serial: str) -> None:
    facts = {"serial": serial} if serial else {}
    with audit.transaction():
        note_end(serial, timezone.now(), CEASED)
        known = facts | transactions.facts(transactions.of(issuance))
        journal.write(stages.locked(issuance.pk), journal.Kind.RESULT, "reject", facts=known)
        audit.append(
            "certificate.reject", subject=issuance.application.number, by=None, facts=facts
        )


def _replaced(issuance: Issuance) -> Certificate | None:
    return Certificate.objects.filter(serial=issuance.replaced_serial, revoked_at=None).first()


def _revoke_replaced(issuance: Issuance, replaced: Certificate) -> None:
    _revoke(bodies.of(replaced.issuance), issuance, int(replaced.serial, 16), SUPERSEDED)


def _renewed(issuance: Issuance) -> Certificate | None:
    """Return what ends by the rule: not before the hand-over, until then the new one may end."""
    if not (issuance.ends_renewed and hasattr(issuance.application, "handover")):
        return None
    found = renewals.issued_here(renewals.named(issuance))
    return found if found and found.revoked_at is None else None


def _serial(enrolled: Enrolled) -> int:
    return x509.load_der_x509_certificate(enrolled.certificate).serial_number


def _revoke(connector: Connector, issuance: Issuance, serial: int, why: str) -> None:
    """Intent, revocation at the CA outside of any transaction, result."""
    facts = {"serial": f"{serial:x}", "reason": why}
    with audit.transaction():
        journal.intend_once(stages.locked(issuance.pk), "revoke", facts)
    with transcripts.kept(issuance):
        status = connector.revoke(serial, why, timezone.now())
    with audit.transaction():
        note_end(f"{serial:x}", status.at or timezone.now(), why)
        journal.write(stages.locked(issuance.pk), journal.Kind.RESULT, "revoke", facts=facts)
        subject = issuance.application.number
        audit.append("certificate.revoke", subject=subject, by=None, facts=facts)


def note_end(serial: str, at: datetime, why: str) -> None:
    """Keep with our certificate, and tell the archive of a filed case, that it ended."""
    certificate = Certificate.objects.filter(serial=serial, revoked_at=None).first()
    if certificate is None:
        return
    certificate.revoked_at, certificate.revocation_reason = at, why
    certificate.suspended_at = None
    certificate.save(update_fields=["revoked_at", "revocation_reason", "suspended_at"])
    record = case_queries.record_of(certificate.application)
    if record is None:
        endings.tell_of_unfiled(serial, certificate.issuer, at, why, by=None)
    else:
        records.certificate_ended(record, serial, at, why, by=None)

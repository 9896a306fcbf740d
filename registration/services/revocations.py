"""Ends certificates: of an issuance given up, recalled, or whose key a new one destroyed."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from cryptography import x509
from django.conf import settings
from django.utils import timezone

from archive.services import audit, records
from registration import ca, errors
from registration.ca.base import Connector, Enrolled
from registration.ca.errors import CAError
from registration.models import Application, Certificate, Handover, Issuance, User
from registration.queries import cases as case_queries
from registration.queries import issuances as queries
from registration.services import cases, journal, packets, stages
from registration.workflow.issuance import Stage, StageNotAllowedError
from registration.workflow.states import State

SUPERSEDED, CEASED = "superseded", "cessationOfOperation"
_STOPPED = frozenset({Stage.INTERRUPTED, Stage.UNKNOWN})


def give_up(application: Application, reason: str, *, by: User) -> None:
    """End a making that stands still; certificates that could not all be placed are revoked.

    Raises StillRunningError or, when the CA cannot be reached, CANotReachedError: then nothing
    changed but the intent.
    """
    cases.require_officer(application, by)
    current = queries.current(application)
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
    """Revoke the certificate whose key the confirmed one destroyed, if it was ours."""
    issuance = Issuance.objects.get(pk=issuance_id)
    replaced = _replaced(issuance)
    if issuance.stage == Stage.CONFIRMED and replaced is not None:
        _revoke(ca.connect(settings.OVERA), issuance, int(replaced.serial, 16), SUPERSEDED)


def unfinished() -> Iterator[UUID]:
    """Yield the confirmed issuances whose replaced certificate is still not revoked."""
    live = Certificate.objects.filter(revoked_at=None).values("serial")
    confirmed = Issuance.objects.filter(stage=Stage.CONFIRMED).exclude(replaced_serial="")
    yield from confirmed.filter(replaced_serial__in=live).values_list("pk", flat=True)


def discard(issuance_id: str, serial: int) -> None:
    """Revoke a certificate that came when its issuance had been given up; CAError if it cannot."""
    issuance = Issuance.objects.get(pk=issuance_id)
    _revoke(ca.connect(settings.OVERA), issuance, serial, CEASED)


def _end(application: Application, step: str, reason: str, by: User) -> None:
    connector = ca.connect(settings.OVERA)
    try:
        for issuance in queries.live(application):
            for serial, why in _live_serials(connector, issuance):
                _revoke(connector, issuance, serial, why)
    except CAError as fault:
        raise errors.CANotReachedError(reason=fault.reason) from fault
    with audit.transaction():
        for issuance in queries.live(application):
            _abandon(stages.locked(issuance.pk))
        packets.supersede_receipt(application)
        cases.advance(application, step, by=by, facts={"reason": reason})


def _abandon(issuance: Issuance) -> None:
    try:
        stages.move(issuance, Stage.ABANDONED)
    except StageNotAllowedError as fault:  # somebody went on with it, or ended it already
        raise errors.NotNowError from fault


def _live_serials(connector: Connector, issuance: Issuance) -> list[tuple[int, str]]:
    """Return (serial, reason): the issuance's own, even if only the CA knows it; the replaced."""
    serials: list[tuple[int, str]] = []
    known = connector.lookup(str(issuance.pk)) if issuance.request else None
    if isinstance(known, Enrolled):
        serials.append((_serial(known), CEASED))
    replaced = _replaced(issuance)
    if replaced is not None:
        serials.append((int(replaced.serial, 16), SUPERSEDED))
    return serials


def _replaced(issuance: Issuance) -> Certificate | None:
    return Certificate.objects.filter(serial=issuance.replaced_serial, revoked_at=None).first()


def _serial(enrolled: Enrolled) -> int:
    return x509.load_der_x509_certificate(enrolled.certificate).serial_number


def _revoke(connector: Connector, issuance: Issuance, serial: int, why: str) -> None:
    """Intent, revocation at the CA outside of any transaction, result."""
    facts = {"serial": f"{serial:x}", "reason": why}
    with audit.transaction():
        journal.intend_once(stages.locked(issuance.pk), "revoke", facts)
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
    if record is not None:
        records.certificate_ended(record, serial, at, why, by=None)

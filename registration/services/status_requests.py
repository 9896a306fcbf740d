"""The change of a certificate's status: decided by an officer, made by the body, told.

Nothing is sent before the signed form is on record; the body is asked outside of any transaction.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from archive.services import audit, records
from registration import errors
from registration.ca import base
from registration.ca.base import Connector
from registration.ca.errors import CAError, CARefusedError
from registration.models import Application, Certificate, StatusRequest, User
from registration.queries import bodies, certificates, gate
from registration.queries import cases as found
from registration.services import cases, journal, revocations, transcripts
from registration.workflow import requests, status
from registration.workflow.requests import StatusChange
from registration.workflow.states import Procedure
from registration.workflow.status import Stage

OTHERWISE = "stands-otherwise"  # at the body, than the change would have it
_STEP = "change_status"
_AT_BODY = {
    status.Status.ACTIVE: base.State.VALID,
    status.Status.SUSPENDED: base.State.SUSPENDED,
    status.Status.REVOKED: base.State.REVOKED,
}


def open_for(
    application: Application,
    *,
    change: str,
    reason: str,
    serials: tuple[str, ...],
    reported_by: str,
    by: User,
) -> Application:
    """Open the case of Obrazac 3 for certificates of a case of Obrazac 1."""
    cases.require_officer(application, by)
    choices = cases.Choices(
        procedure=Procedure.STATUS,
        script=application.script,
        email_choice=Application.EmailChoice.NO,
        contract_requested=False,
        contract_waiver="",
        request_brought=False,
        acknowledged=tuple(application.acknowledged),
        status_change=change,
        status_reason=reason,
        serials=serials,
        reported_by=reported_by,
    )
    return cases.open_case(found.applicant_of(application), choices, by=by)


def decide(application: Application, *, option: str, by: User) -> StatusRequest:
    """Let the body be asked; `perform` asks it. `option` is read from the signed request.

    Raises GateError or OptionError with what is to be done first.
    """
    cases.require_officer(application, by)
    try:
        with audit.transaction():
            case = cases.locked(application)
            evidence = _evidence(case, option)
            row = _decided(case, by)
            journal.intend(row, "decide", {"option": option, "evidence": evidence})
            facts = {"change": row.change, "reason": row.code, "serials": case.serials}
            audit.append("status.decide", subject=case.number, by=by, facts=facts)
            case.version += 1
            case.save(update_fields=["version"])
    except IntegrityError as fault:
        raise errors.BodyAskedError from fault
    return row


def _evidence(case: Application, option: str) -> list[list[Any]]:
    """Return what the decision rests on; raise where it may not be taken now."""
    cases.require_possible(case, _STEP)
    cases.require_quiet(case)
    if option != requests.circled(case.procedure, case.choice):
        raise errors.OptionError
    required = gate.requirements(case)
    missing = [each.code for each in required if not each.met]
    if missing:
        raise errors.GateError(missing)
    return gate.evidence(required)


def _decided(case: Application, by: User) -> StatusRequest:
    """Return the request, waiting; decided again for the same change its clock runs on."""
    now = timezone.now()
    known = StatusRequest.objects.filter(application=case).first()
    row = known or StatusRequest(application=case)
    code = status.code(case.status_change, case.status_reason)
    if (row.change, row.code) != (case.status_change, code):
        row.change, row.code = case.status_change, code
        row.decided_by, row.decided_at, row.sent_at = by, now, None
    row.stage, row.failure_code, row.failure_facts = Stage.WAITING, "", {}
    row.moved_at = now
    row.save()
    row.certificates.set(certificates.about(case))
    return row


# the certification body


def due(now: datetime) -> Iterator[UUID]:
    """Yield what the body is to be asked for again: it was away, or the asking was lost."""
    patience = timedelta(seconds=int(str(settings.OVERA["ISSUANCE_STALLED_AFTER"])))
    waiting = StatusRequest.objects.filter(stage=Stage.WAITING, moved_at__lt=now - patience)
    yield from waiting.values_list("pk", flat=True)


def perform(request_id: UUID | str) -> bool:
    """Ask the bodies for every change that is not confirmed; tell whether all is now.

    Each certificate's own body is asked; one that is away does not hinder the others.
    """
    row = _begun(request_id)
    if row is None:
        return False
    faults = list(_ask(row))
    if faults:
        _note_failure(row, max(faults, key=lambda fault: fault.retryable))
        return False
    return _conclude(row)


def _ask(row: StatusRequest) -> Iterator[CAError]:
    """Yield what each body answered that did not do its whole part."""
    issued = defaultdict(list)
    for certificate in _unconfirmed(row):
        issued[certificate.issuance.body].append(certificate)
    for those in issued.values():
        try:
            for certificate in those:
                _change(bodies.of(certificate.issuance), row, certificate)
        except CAError as fault:
            yield fault


def _begun(request_id: UUID | str) -> StatusRequest | None:
    with audit.transaction():
        row = _locked(request_id)
        if row.stage != Stage.WAITING:
            return None
        row.moved_at = timezone.now()
        row.sent_at = row.sent_at or row.moved_at
        row.save(update_fields=["moved_at", "sent_at"])
    return row


def _locked(request_id: UUID | str) -> StatusRequest:
    """Return the request, its row locked where the database can."""
    rows = StatusRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("application").get(pk=request_id)


def _unconfirmed(row: StatusRequest) -> list[Certificate]:
    answered = row.journal.filter(kind=journal.Kind.RESULT, step=row.change)
    confirmed = {entry.facts["serial"] for entry in answered}
    asked = row.certificates.select_related("issuance").order_by("pk")
    return [each for each in asked if each.serial not in confirmed]


def _change(connector: Connector, row: StatusRequest, certificate: Certificate) -> None:
    """Intent, change at the body outside of any transaction, result."""
    facts = {"serial": certificate.serial, "reason": row.code}
    with audit.transaction():
        journal.intend_once(_locked(row.pk), row.change, facts)
    answer = _answer(connector, row, certificate)
    with audit.transaction():
        locked = _locked(row.pk)
        if certificate not in _unconfirmed(locked):
            return  # another worker was faster
        journal.write(locked, journal.Kind.RESULT, row.change, facts=facts)
        _note(certificate, row, answer.at or timezone.now())
        subject, told = certificate.application.number, {"case": row.application.number}
        audit.append(f"certificate.{row.change}", subject=subject, by=None, facts=facts | told)


def _answer(connector: Connector, row: StatusRequest, certificate: Certificate) -> base.Status:
    """Return where the certificate stands at the body, if that is where it was to be."""
    serial, wanted = int(certificate.serial, 16), _AT_BODY[status.target(row.change)]
    try:
        with transcripts.kept(certificate.issuance):
            answer = connector.revoke(serial, row.code, timezone.now())
    except CARefusedError:  # perhaps because it stands there already
        answer = connector.status(serial)
        if answer.state == base.State.UNKNOWN:
            raise
    if answer.state == base.State.REVOKED != wanted:
        with audit.transaction():  # somebody else ended it
            revocations.note_end(certificate.serial, answer.at or timezone.now(), answer.reason)
    if answer.state != wanted:
        raise CARefusedError(OTHERWISE, state=str(answer.state))
    return answer


def _note(certificate: Certificate, row: StatusRequest, at: datetime) -> None:
    """Keep with our certificate where it stands now, and tell the archive of a filed case."""
    if row.change == StatusChange.REVOKE:
        revocations.note_end(certificate.serial, at, row.code)
        return
    certificate.suspended_at = at if row.change == StatusChange.SUSPEND else None
    certificate.save(update_fields=["suspended_at"])
    record = found.record_of(certificate.application)
    if record is not None:
        records.certificate_paused(record, certificate.serial, at, row.code, by=None)


def _note_failure(row: StatusRequest, fault: CAError) -> None:
    """Wait on where a retry can help; else a person decides."""
    with audit.transaction():
        locked = _locked(row.pk)
        if locked.stage != Stage.WAITING:
            return
        locked.failure_facts, locked.failure_code = dict(fault.facts), _code(fault)
        if not fault.retryable:
            locked.stage = Stage.INTERRUPTED
            seen = {"code": locked.failure_code, **locked.failure_facts}
            journal.write(locked, journal.Kind.FAILURE, row.change, facts=seen)
            audit.append("status.interrupt", subject=row.application.number, by=None, facts=seen)
        locked.save()


def _code(fault: CAError) -> str:
    if fault.retryable:
        return "ca-unreachable"
    return OTHERWISE if fault.reason == OTHERWISE else "ca-refused"


def _conclude(row: StatusRequest) -> bool:
    with audit.transaction():
        locked = _locked(row.pk)
        if locked.stage != Stage.WAITING or _unconfirmed(locked):
            return False
        locked.stage, locked.failure_code, locked.failure_facts = Stage.DONE, "", {}
        locked.confirmed_at = locked.moved_at = timezone.now()
        locked.save()
        facts = {"change": locked.change, "reason": locked.code}
        cases.advance(locked.application, _STEP, by=None, facts=facts)
    return True


def tell(application: Application, how: str, *, by: User) -> None:
    """Record how the citizen was told what the body confirmed."""
    cases.require_officer(application, by)
    with audit.transaction():
        case = cases.locked(application)
        row = StatusRequest.objects.filter(application=case, told_at=None, stage=Stage.DONE).first()
        if row is None:
            raise errors.NotNowError
        row.told, row.told_at, row.told_by = how, timezone.now(), by
        row.save(update_fields=["told", "told_at", "told_by"])
        audit.append("status.tell", subject=case.number, by=by, facts={"how": how})
        case.version += 1
        case.save(update_fields=["version"])

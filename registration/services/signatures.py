"""Signatures on record: the officer's ticks, and ticks taken back."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError
from django.utils import timezone

from archive.services import audit
from registration import errors
from registration.models import Application, Paper, Signature, User
from registration.queries import cases as found
from registration.queries import papers
from registration.services import cases
from registration.workflow.states import State

Tick = tuple[int, str]
"""(paper id, role)"""


def record(
    application: Application, ticks: Sequence[Tick], *, signed_on: date, place: str, by: User
) -> None:
    """Record signatures that stand on papers; the last missing one makes the case signed.

    Raises SignatureError when a tick is not among those that are missing.
    """
    if signed_on > timezone.localdate():
        raise errors.FutureSignatureError
    cases.require_office(application, by)
    try:
        with audit.transaction():
            case = cases.locked(application)
            missing = {(each.paper.pk, each.role): each.paper for each in _missing(case)}
            if not ticks or not set(ticks) <= set(missing):
                raise errors.SignatureError
            for paper_id, role in ticks:
                put_on_record(case, missing[paper_id, role], role, signed_on, place, by)
            settle(case, by)
    except IntegrityError as fault:
        raise errors.SignatureError from fault


def record_receipt(case: Application, *, by: User) -> None:
    """Record the signatures on the receipt, if one was printed: it stays because it is signed."""
    today = timezone.localdate()
    for paper in case.papers.filter(kind=Paper.Kind.RECEIPT, superseded_at=None):
        for role in paper.expected:
            put_on_record(case, paper, role, today, case.office.place, by)


def _missing(case: Application) -> tuple[papers.Missing, ...]:
    if case.state not in {State.PRINTED, State.SIGNED}:
        raise errors.NotNowError
    return papers.missing_signatures(case)


def put_on_record(
    case: Application, paper: Paper, role: str, signed_on: date, place: str, by: User
) -> Signature:
    """Record one signature within the caller's transaction."""
    body = by.get_full_name() or by.get_username()
    signers = {
        Signature.Role.CITIZEN.value: case.reported_by or found.applicant_of(case).full_name,
        Signature.Role.OFFICER.value: body,
        Signature.Role.SEAL.value: case.office.name,
    }
    signature = Signature.objects.create(
        paper=paper,
        role=role,
        signer=signers[role],
        signed_on=signed_on,
        place=place,
        witness=body,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    facts = {"paper": paper.kind, "copy": paper.copy, "sha256": paper.sha256}
    facts |= {"role": role, "on": signed_on.isoformat()}
    audit.append("signature.record", subject=case.number, by=by, facts=facts)
    return signature


def withdraw(signature: Signature, *, by: User) -> None:
    """Take a tick back; the case is signed no more when a signature became missing."""
    application = signature.paper.application
    cases.require_office(application, by)
    with audit.transaction():
        case = cases.locked(application)
        _missing(case)  # only while signatures are recorded at all
        changed = Signature.objects.filter(pk=signature.pk, withdrawn_at=None)
        if not changed.update(withdrawn_at=timezone.now()):
            raise errors.ChangedMeanwhileError
        facts = {
            "paper": signature.paper.kind,
            "copy": signature.paper.copy,
            "role": signature.role,
        }
        audit.append("signature.withdraw", subject=case.number, by=by, facts=facts)
        settle(case, by)


def settle(case: Application, by: User) -> None:
    """Let the state follow from what is missing; the case changed in either way."""
    complete = not papers.missing_signatures(case)
    if complete and case.state == State.PRINTED:
        cases.advance(case, "sign", by=by)
    elif not complete and case.state == State.SIGNED:
        cases.advance(case, "unsign", by=by)
    else:
        case.version += 1
        case.save(update_fields=["version"])

"""The unblocking of a PIN: ordered of a desk, its answers, or stated as done elsewhere."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from archive.services import audit
from cardops.errors import MessageError
from cardops.messages import Message
from registration import errors
from registration.models import Application, Desk, Unblocking, User
from registration.queries import cases as found
from registration.queries import gate
from registration.rules.scripts import Script
from registration.services import bodies, cases, desk_keys, desks, journal, readings
from registration.services.desks import About, Outgoing
from registration.workflow import requests, unblocking
from registration.workflow.states import Procedure
from registration.workflow.unblocking import Stage

STEP = "unblock-pin"
PUK_DOUBTFUL = frozenset({"wrong-puk", "last-puk-try"})  # failures after which a person decides
_PERFORM, _ELSEWHERE = "perform", "perform_elsewhere"
_TOLD = ("before", "pin_entries", "puk_replaced")
_DONE_ELSEWHERE_WITHOUT = frozenset({"card_matches"})  # another tool may be all that reads the card


def open_beside(application: Application, pin_choice: str, *, by: User) -> Application:
    """Open the case of Obrazac 2 that a case of Obrazac 1 waits for; OpenCaseError if there is."""
    cases.require_officer(application, by)
    choices = cases.Choices(
        procedure=Procedure.UNBLOCK,
        script=application.script,
        email_choice=Application.EmailChoice.NO,
        contract_requested=False,
        contract_waiver="",
        request_brought=False,
        acknowledged=tuple(application.acknowledged),
        pin_choice=pin_choice,
    )
    applicant = replace(found.applicant_of(application), certificate_email="")
    return cases.open_case(applicant, choices, by=by)


def order(
    application: Application, desk: Desk, *, option: str, last_try_agreed: bool, by: User
) -> Unblocking:
    """Note what the desk is to do; `command` tells it. After an interruption it goes on.

    `option` is read from the signed request; `last_try_agreed`: the officer lets the last try of
    the PUK be used. Raises GateError, OptionError, PukTryError or DeskError with what is to be
    done first.
    """
    cases.require_officer(application, by)
    try:
        with audit.transaction():
            desks.require_free(desk, application.office, but=application)
            case = cases.locked(application)
            evidence = _evidence(case, _PERFORM, option)
            row = _row(case, by)
            if row.failure_code in PUK_DOUBTFUL and not last_try_agreed:
                raise errors.PukTryError
            row.desk, row.card = desk, readings.matched_card(case)
            row.last_try_agreed = last_try_agreed
            _move(row, Stage.WAITING)
            journal.intend(row, STEP, {"desk": desk.code, "option": option, "evidence": evidence})
            audit.append("unblocking.order", subject=case.number, by=by, facts={"desk": desk.code})
            case.version += 1
            case.save(update_fields=["version"])
    except IntegrityError as fault:
        raise errors.DeskAtWorkError from fault
    return row


def perform_elsewhere(
    application: Application, statement: str, *, option: str, by: User
) -> Application:
    """Record how a PIN was unblocked that this desk cannot unblock: the officer's own words."""
    cases.require_officer(application, by)
    with audit.transaction():
        case = cases.locked(application)
        cases.require_quiet(case)
        evidence = _evidence(case, _ELSEWHERE, option, but=_DONE_ELSEWHERE_WITHOUT)
        row = _row(case, by)
        row.desk, row.statement = None, statement
        row.stage, row.moved_at, row.done_at = Stage.DONE, timezone.now(), timezone.now()
        row.save()
        facts = {"option": option, "evidence": evidence}
        journal.write(row, journal.Kind.RESULT, _ELSEWHERE, facts=facts)
        return cases.advance(case, _ELSEWHERE, by=by, facts={"reason": statement})


def _evidence(
    case: Application, step: str, option: str, *, but: frozenset[str] = frozenset()
) -> list[Any]:
    """Return what the step rests on; raise where it may not be taken now."""
    cases.require_possible(case, step)
    cases.require_quiet(case)
    if option != requests.circled(case.procedure, case.choice):
        raise errors.OptionError
    required = [each for each in gate.requirements(case) if each.code not in but]
    missing = [each.code for each in required if not each.met]
    if missing:
        raise errors.GateError(missing)
    return gate.evidence(required)


def _row(case: Application, by: User) -> Unblocking:
    known = Unblocking.objects.filter(application=case).first()
    row = known or Unblocking(application=case, stage=Stage.INTERRUPTED)
    row.choice, row.ordered_by = case.pin_choice, by
    return row


def _move(row: Unblocking, stage: Stage) -> None:
    if not unblocking.allowed(Stage(row.stage), stage):
        raise errors.NotNowError
    row.stage, row.moved_at = stage, timezone.now()
    if stage != Stage.INTERRUPTED:
        row.failure_code, row.failure_facts, row.progress = "", {}, {}
    row.save()


# the desk


def command(unblocking_id: str) -> Outgoing | None:
    """Return what the desk is to do; None where nothing is wanted of it any more."""
    row = Unblocking.objects.select_related("desk", "application").get(pk=unblocking_id)
    if row.stage != Stage.WAITING or row.desk is None:
        return None
    about = About(case=row.application.number, issuance=str(row.pk), step=STEP)
    return desks.compose(row.desk, STEP, _body(row), about)


def _body(row: Unblocking) -> dict[str, Any]:
    puk = desk_keys.puk(row.card["chip_serial"])
    return {
        "choice": row.choice,
        "expected": row.card,
        "puk": base64.b64encode(puk).decode(),
        "last_try_agreed": row.last_try_agreed,
        "language": Script(row.application.script).tag,
    }


def receive(desk: Desk, message: Message) -> None:
    """Act upon an answer inside of the caller's transaction; MessageError where it is none."""
    verb = _VERBS.get(message.type)
    if verb is None:
        raise MessageError("type")
    try:
        row = locked(message.issuance)
    except (Unblocking.DoesNotExist, ValidationError) as fault:
        raise MessageError("issuance") from fault
    if row.desk_id != desk.pk:
        raise MessageError("issuance")
    verb(row, message)


def locked(unblocking_id: UUID | str) -> Unblocking:
    """Return the unblocking, its row locked where the database can."""
    rows = Unblocking.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("application").get(pk=unblocking_id)


def interrupt(
    unblocking_id: UUID | str, code: str, facts: Mapping[str, Any], *, message_id: str = ""
) -> None:
    """Stop what runs; what does not run any more is left alone."""
    with audit.transaction():
        row = locked(unblocking_id)
        if row.stage != Stage.WAITING:
            return
        row.failure_code, row.failure_facts = code[:60], dict(facts)
        _move(row, Stage.INTERRUPTED)
        failure = {"code": code, **facts}
        journal.write(row, journal.Kind.FAILURE, STEP, message_id=message_id, facts=failure)
        seen = {"code": code}
        audit.append("unblocking.interrupt", subject=row.application.number, by=None, facts=seen)


def _progress(row: Unblocking, message: Message) -> None:
    if row.stage == Stage.WAITING:
        row.progress, row.moved_at = bodies.progress(message.body), timezone.now()
        row.save(update_fields=["progress", "moved_at"])


def _failed(row: Unblocking, message: Message) -> None:
    code, facts = bodies.code(message.body, "code"), bodies.facts(message.body.get("facts"))
    interrupt(row.pk, code, facts, message_id=message.message_id)


def _unblocked(row: Unblocking, message: Message) -> None:
    """Believe the desk: the card took the PIN. Said again, or of a case that moved, it is noted."""
    if row.stage == Stage.DONE:
        return
    told = {name: bodies.fact(message.body.get(name)) for name in _TOLD}
    journal.write(row, journal.Kind.RESULT, STEP, message_id=message.message_id, facts=told)
    case = cases.locked(row.application)
    if not _still_wanted(case, row):
        audit.append("unblocking.late", subject=case.number, by=None, facts=told)
        return
    row.done_at = timezone.now()
    _move(row, Stage.DONE)
    cases.advance(case, _PERFORM, by=None, facts=told)


def _still_wanted(case: Application, row: Unblocking) -> bool:
    try:
        cases.require_possible(case, _PERFORM)
    except errors.NotNowError:
        return False
    return case.pin_choice == row.choice


_VERBS: dict[str, Callable[[Unblocking, Message], None]] = {
    "progress": _progress,
    "failed": _failed,
    "pin-unblocked": _unblocked,
}

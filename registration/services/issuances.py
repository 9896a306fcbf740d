"""The making of a certificate: its start, its going on, what is sent to the desk meanwhile."""

import base64
import time
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from archive.services import audit
from cardops.cards.profile import Role
from registration import errors
from registration.ca import profiles, subject
from registration.ca.base import State as CertificateState
from registration.ca.errors import CAError
from registration.models import Application, Desk, Issuance, User
from registration.queries import bodies, gate, renewals
from registration.queries import issuances as queries
from registration.rules.applicant import Applicant
from registration.rules.scripts import Script
from registration.services import (
    cases,
    desk_keys,
    desks,
    evidence,
    journal,
    readings,
    stages,
    transactions,
)
from registration.services.desks import About, Outgoing
from registration.workflow import issuance as table
from registration.workflow import requests
from registration.workflow.issuance import Stage
from registration.workflow.states import Procedure

_STANDING = frozenset({Stage.INTERRUPTED, Stage.UNKNOWN})
# A body that cannot be asked agrees afterwards, when it is told that the certificate is written.
_WRITABLE = frozenset({CertificateState.VALID, CertificateState.NOT_TOLD})


def start(application: Application, desk: Desk, *, option: str, email: str, by: User) -> Issuance:
    """Start the making from evidence; `option` and `email` are read from the signed request.

    Returns the first certificate's issuance; the others are planned and get their turns by
    themselves.
    Raises GateError, OptionError, EmailError or DeskError with what is to be done first.
    """
    cases.require_officer(application, by)
    try:
        with audit.transaction():
            desks.require_free(desk, application.office, but=application)
            case = cases.advance(application, "start_issuing", by=by)
            applicant = Applicant.from_json(case.applicant)
            _require_same(case, applicant, option, email)
            requirements = gate.requirements(case)
            missing = [each.code for each in requirements if not each.met]
            if missing:
                raise errors.GateError(missing)
            planned = [_plan(case, applicant, desk, role, by) for role in queries.roles()]
            for issuance in planned:
                evidence.record(issuance, requirements, option)
            begin(planned[0])
    except IntegrityError as fault:
        raise errors.AlreadyMakingError from fault
    return planned[0]


def begin(issuance: Issuance) -> None:
    """Note that the desk is about to be asked: from now on it is the issuance's turn."""
    stages.move(issuance, Stage.WAITING_CARD)
    journal.intend(issuance, "make-request", {"desk": issuance.desk.code})


def _require_same(case: Application, applicant: Applicant, option: str, email: str) -> None:
    if option != requests.circled(case.procedure, case.choice):
        raise errors.OptionError
    wanted = case.email_choice == Application.EmailChoice.YES
    if email.strip() != (applicant.certificate_email if wanted else ""):
        raise errors.EmailError


def _plan(case: Application, applicant: Applicant, desk: Desk, role: Role, by: User) -> Issuance:
    family = str(settings.OVERA["PROFILES"])
    named = subject.build(
        applicant.given_name,
        applicant.surname,
        applicant.jmbg,
        applicant.document_number,
        one_rdn=profiles.load(profiles.named(family, role)).identifiers_in_one_rdn,
    )
    wanted = case.email_choice == Application.EmailChoice.YES
    return Issuance.objects.create(
        application=case,
        role=role,
        body=case.body,
        stage=Stage.PLANNED,
        desk=desk,
        started_by=by,
        moved_at=timezone.now(),
        email_confirmed=wanted,
        key_type=str(settings.OVERA["KEY_TYPE"]),
        profiles=family,
        subject=[list(part) for part in named],
        email=applicant.certificate_email if wanted else "",
        card=readings.matched_card(case),
        **_renewed(case, role),
    )


def _renewed(case: Application, role: Role) -> dict[str, Any]:
    """Name what is renewed, as the issuance keeps it."""
    known = renewals.predecessor(case, role) if case.procedure == Procedure.RENEW else None
    if known is None:
        return {}
    return {
        "renews_serial": known.serial,
        "renews_issuer": known.issuer,
        "renews_until": known.until,
        "ends_renewed": settings.OVERA["RENEWED_ELSEWHERE_REVOKED"],
    }


def resume(issuance: Issuance, *, by: User) -> Issuance:
    """Go on from what the journal holds; the desk or the CA is asked by what `command` returns."""
    cases.require_officer(issuance.application, by)
    with audit.transaction():
        case = issuance.application
        desks.require_free(issuance.desk, case.office, but=case)
        issuance = stages.locked(issuance.pk)
        target = table.resume_at(
            has_request=bool(issuance.request), has_certificate=hasattr(issuance, "certificate")
        )
        if target not in table.ARROWS[Stage(issuance.stage)]:
            raise errors.NotNowError  # somebody went on already, or nothing is left to do
        transactions.disown(issuance)
        stages.move(issuance, target)
        facts = {"issuance": str(issuance.pk), "stage": target}
        audit.append("issuance.resume", subject=case.number, by=by, facts=facts)
    return issuance


def command(issuance_id: str) -> Outgoing | None:
    """Return what the desk is to do now; None where it has nothing to do.

    Asks the CA first: a key is destroyed only while the CA works, a certificate is written only
    while it is valid. Where it is not, the issuance is interrupted.
    """
    issuance = Issuance.objects.select_related("desk", "application").get(pk=issuance_id)
    if issuance.stage not in {Stage.WAITING_CARD, Stage.WRITING}:
        return None
    try:
        refusal = _ca_refusal(issuance)
    except CAError as fault:
        refusal = (table.BODY_AWAY, {"reason": fault.reason})
    if refusal:
        stages.interrupt(issuance.pk, *refusal)
        return None
    kind = "make-request" if issuance.stage == Stage.WAITING_CARD else "write-certificate"
    return desks.compose(issuance.desk, kind, _body(issuance), about(issuance, kind))


def follow(issuance_id: str) -> Outgoing | None:
    """Return what the desk does after a confirmed certificate: the next one, or nothing more."""
    issuance = Issuance.objects.select_related("desk", "application").get(pk=issuance_id)
    following = queries.unconfirmed(issuance.application)
    if following:
        return command(str(following[0].pk))
    return release(issuance, "done")


def stop(issuance_id: str) -> Outgoing | None:
    """Return the word that lets the desk leave the card of an issuance that stands still."""
    issuance = Issuance.objects.select_related("desk", "application").get(pk=issuance_id)
    return release(issuance, "failed") if issuance.stage in _STANDING else None


def release(issuance: Issuance, outcome: str) -> Outgoing:
    """Compose the end of the desk's session; `outcome` is "done" or "failed"."""
    body = {"making": making(issuance), "outcome": outcome}
    return desks.compose(issuance.desk, "release", body, about(issuance, "release"))


def making(issuance: Issuance) -> str:
    """Name the making by its first issuance: what belongs to it is one session of the card."""
    return str(next(iter(queries.live(issuance.application)), issuance).pk)


def about(issuance: Issuance, step: str) -> About:
    return About(case=issuance.application.number, issuance=str(issuance.pk), step=step)


def _ca_refusal(issuance: Issuance) -> tuple[str, dict[str, Any]] | None:
    connector = bodies.of(issuance)
    if issuance.stage == Stage.WAITING_CARD:
        health = connector.health()
        return None if health.ok else (table.BODY_AWAY, {"reason": health.detail})
    status = connector.status(int(issuance.certificate.serial, 16))
    if status.state in _WRITABLE:
        return None
    return ("certificate-not-valid", {"state": status.state})


def _body(issuance: Issuance) -> dict[str, Any]:
    key = desk_keys.management_key(issuance.card["chip_serial"])
    shared = {
        "making": making(issuance),
        "role": issuance.role,
        "key_type": issuance.key_type,
        "expected": issuance.card,
        "management_key": _text(key),
        "language": Script(issuance.application.script).tag,
    }
    if issuance.stage == Stage.WAITING_CARD:
        puk = desk_keys.puk(issuance.card["chip_serial"])
        return shared | {
            "subject": issuance.subject,
            "email": issuance.email,
            "ca_healthy_at": time.time(),
            "puk": _text(puk),
        }
    return shared | {
        "certificate": _text(stages.certificate_der(issuance)),
        "public_key": _text(bytes(issuance.public_key or b"")),
        "challenge": _text(bytes(issuance.challenge or b"")),
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

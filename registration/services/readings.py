"""Cards read at a desk: asked for, answered, held against the application."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from archive.services import audit
from cardops.cards.profile import Role
from cardops.errors import MessageError
from cardops.identity import IdentityCard
from cardops.identity.comparison import differences
from cardops.messages import Message
from registration import errors
from registration.ca import subject
from registration.models import Application, CardReading, Desk, User
from registration.queries import cases as found
from registration.services import bodies, desks
from registration.services.desks import About, Outgoing

_WAITING = CardReading.Result.WAITING
_PARTS = ("document", "person", "residence")


def ask(desk: Desk, *, by: User, application: Application | None = None) -> CardReading:
    """Note that an officer wants the card in this desk's reader; `command` asks the desk."""
    if by.office is None:
        raise errors.ForeignOfficeError
    if application is not None and application.office_id != by.office_id:
        raise errors.ForeignOfficeError
    if application is not None and application.dropped_at:
        raise errors.NotNowError
    with audit.transaction():
        desks.require_free(desk, by.office)
        reading = CardReading.objects.create(desk=desk, asked_by=by, application=application)
        audit.append("card.ask", subject=_subject(reading), by=by, facts={"desk": desk.code})
    return reading


def command(reading_id: str) -> Outgoing | None:
    """Return what to send to the desk; None when the reading waits no longer."""
    reading = CardReading.objects.select_related("desk", "application").get(pk=reading_id)
    if reading.result != _WAITING:
        return None
    return desks.compose(reading.desk, "read-identity", {}, About(step=str(reading.pk)))


def receive(desk: Desk, message: Message) -> None:
    """Write a desk's answer to its reading; raise MessageError where none waits for it."""
    reading = _waiting(desk, message)
    if message.type == "failed":
        code, facts = bodies.code(message.body, "code"), bodies.facts(message.body.get("facts"))
        _fail(reading, code, facts)
        return
    card = _card(message)
    reading.result, reading.answered_at = CardReading.Result.READ, timezone.now()
    reading.card, reading.authenticity = card.to_json(), card.authenticity
    reading.certificates = _certificates(message, card)
    if reading.application:
        reading.differences = list(differences(expected(reading.application), card))
    reading.save()
    facts = {
        "desk": desk.code,
        "differences": reading.differences,
        "authenticity": card.authenticity,
        "reason": card.proof.reason,
        "kind": str(card.kind),
    }
    audit.append("card.read", subject=_subject(reading), by=reading.asked_by, facts=facts)


def _card(message: Message) -> IdentityCard:
    if message.type != "identity-read":
        raise MessageError("type")
    try:
        card = IdentityCard.from_json(message.body["card"])
        said = card.to_json()
        values = [value for part in _PARTS for value in said[part].values()]
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise MessageError("body") from fault
    if not all(isinstance(value, str | bool | None) for value in [*values, card.authenticity]):
        raise MessageError("body")
    return card


def _certificates(message: Message, card: IdentityCard) -> list[dict[str, str]] | None:
    """Return what the holder's certificates say; None where the desk did not look for any."""
    stored = message.body.get("certificates")
    if stored is None:
        return None
    if not isinstance(stored, dict) or not stored.keys() <= set(Role):
        raise MessageError("body")
    seen = (_certificate(role, bodies.binary(stored, role), card.person.jmbg) for role in stored)
    return [each for each in seen if each]


def _certificate(role: str, der: bytes, jmbg: str) -> dict[str, str] | None:
    """Return what it says; None for another person's and for what is no certificate."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        if not subject.names(certificate.subject, jmbg):
            return None
        issuer = certificate.issuer.rfc4514_string()
    except ValueError:
        return None
    return {
        "role": role,
        "serial": f"{certificate.serial_number:x}",
        "issuer": issuer,
        "until": certificate.not_valid_after_utc.isoformat(),
    }


def attach(reading: CardReading, application: Application) -> None:
    """Hold a card that was read before its case existed against the case."""
    reading.application = application
    if reading.card:
        card = IdentityCard.from_json(reading.card)
        reading.differences = list(differences(expected(application), card))
    reading.save()


def matched_card(application: Application) -> dict[str, str]:
    """Return what the desk compares the card with: {chip_serial, document_number, jmbg}.

    Raises GateError where no card of the applicant was read.
    """
    read = application.card_readings.filter(result=CardReading.Result.READ, differences=[]).last()
    if read is None or not read.card:
        raise errors.GateError(["card_matches"])
    document, person = read.card["document"], read.card["person"]
    return {
        "chip_serial": document["chip_serial"],
        "document_number": document["registration_number"],
        "jmbg": person["jmbg"],
    }


def expected(application: Application) -> dict[str, str]:
    """Return what the applicant's card must say, by the names of `cardops.identity.comparison`."""
    applicant = found.applicant_of(application)
    return {
        "document_number": applicant.document_number,
        "jmbg": applicant.jmbg,
        "surname": applicant.surname,
        "given_name": applicant.given_name,
    }


def sweep(now: datetime) -> None:
    """End readings that no desk answered; forget the people of whom no case was opened."""
    patience = timedelta(seconds=int(str(settings.OVERA["DESK_SILENT_AFTER"])))
    for silent in CardReading.objects.filter(result=_WAITING, asked_at__lt=now - patience):
        with audit.transaction():
            reading = CardReading.objects.select_for_update(no_key=True).get(pk=silent.pk)
            if reading.result == _WAITING:  # no answer came in the meantime
                _fail(reading, "desk-silent", {})
    kept = timedelta(hours=int(str(settings.OVERA["UNUSED_READINGS_KEPT"])))
    CardReading.objects.filter(application=None, asked_at__lt=now - kept).delete()


def _fail(reading: CardReading, code: str, facts: Mapping[str, Any]) -> None:
    reading.result, reading.answered_at = CardReading.Result.FAILED, timezone.now()
    reading.failure_code, reading.failure_facts = code[:60], dict(facts)
    reading.save()


def _waiting(desk: Desk, message: Message) -> CardReading:
    try:
        waiting = CardReading.objects.select_for_update(no_key=True).filter(
            desk=desk, result=_WAITING
        )
        return waiting.get(pk=message.step)
    except (CardReading.DoesNotExist, ValidationError) as fault:
        raise MessageError("reading") from fault


def _subject(reading: CardReading) -> str:
    """Return the case that the audit files the reading under, or its own id before there is one."""
    return reading.application.number if reading.application else str(reading.pk)

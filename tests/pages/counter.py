"""A counter with synthetic people, and cases brought to the step that a story is about."""

import base64
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone
from stdnum.si import emso

from registration.models import Application, CardReading, Desk, Office, User
from registration.queries import papers
from registration.rules.applicant import Applicant
from registration.services import cases, identity_checks, packets, signatures

JMBG = "0101990610020"
DOCUMENT = {
    "kind": "lična karta",
    "number": "001234567",
    "issuer": "PU Beograd",
    "valid_until": "2035-05-05",
}
PETAR = Applicant(
    given_name="Петар",
    surname="Петровић",
    parent_name="Ана",
    jmbg=JMBG,
    document_number="001234567",
    sex="M",
    born_on=date(1990, 1, 1),
    place_of_birth="Beograd",
    municipality_of_birth="Savski venac",
    state_of_birth="Srbija",
    document_issued_on=date(2025, 5, 5),
    document_expires_on=date(2035, 5, 5),
    document_authority="PU Beograd",
    state="Srbija",
    municipality="Stari grad",
    place="Beograd",
    street="Balkanska",
    house_number="12",
)
# What the officer types for Petar when the card cannot be read.
TYPED = {
    "procedure": "issue",
    "script": "Cyrl",
    "surname": "Петровић",
    "given_name": "Петар",
    "jmbg": JMBG,
    "born_on": "01.01.1990.",
    "sex": "M",
    "document_number": "001234567",
    "document_issued_on": "05.05.2025.",
    "document_expires_on": "5.5.2035",
    "document_authority": "PU Beograd",
    "municipality": "Stari grad",
    "place": "Beograd",
    "street": "Balkanska",
    "house_number": "12",
    "email_choice": "no",
    "contract_requested": "on",
}
CARD = {
    "document": {
        "registration_number": "001234567",
        "kind": "ID",
        "serial": "",
        "issued_on": "2025-05-05",
        "expires_on": "2035-05-05",
        "authority": "PU Beograd",
        "state": "SRB",
        "chip_serial": "0011223344",
    },
    "person": {
        "jmbg": JMBG,
        "surname": "ПЕТРОВИЋ",
        "given_name": "ПЕТАР",
        "parent_name": "АНА",
        "sex": "M",
        "place_of_birth": "Beograd",
        "municipality_of_birth": "Savski venac",
        "state_of_birth": "Srbija",
        "born_on": "1990-01-01",
    },
    "residence": {
        "state": "Srbija",
        "municipality": "Stari grad",
        "place": "Beograd",
        "street": "Balkanska",
        "number": "12",
        "letter": "",
        "entrance": "",
        "floor": "",
        "apartment": "",
        "since": None,
    },
    "portrait": base64.b64encode(b"\xff\xd8 a face").decode(),
    "authenticity": "proven",
}


def citizen(number: int) -> Applicant:
    """Return one of many namesakes, each with a JMBG and a card of their own; Petar is the 0th."""
    stem = f"{JMBG[:9]}{2 + number:03}"
    jmbg = stem + emso.calc_check_digit(stem)
    return replace(PETAR, jmbg=jmbg, document_number=f"{1234567 + number:09}")


def card_of(applicant: Applicant) -> dict[str, Any]:
    document = {**CARD["document"], "registration_number": applicant.document_number}
    named = {"surname": applicant.surname.upper(), "given_name": applicant.given_name.upper()}
    person = {**CARD["person"], **named, "jmbg": applicant.jmbg}
    return {**CARD, "document": document, "person": person}


def reading(
    desk: Desk,
    officer: User,
    application: Application | None = None,
    applicant: Applicant = PETAR,
    certificates: list[dict[str, str]] | None = None,
) -> CardReading:
    """Return a reading as it lies in the database when the desk has answered."""
    return CardReading.objects.create(
        desk=desk,
        application=application,
        asked_by=officer,
        result=CardReading.Result.READ,
        answered_at=timezone.now(),
        card=card_of(applicant),
        authenticity="proven",
        certificates=certificates,
    )


def chosen(**choices: Any) -> cases.Choices:
    """Return what is chosen when a case is opened or corrected: option 1, with a contract."""
    usual = {
        "procedure": "issue",
        "script": "Cyrl",
        "email_choice": "no",
        "contract_requested": True,
        "contract_waiver": "",
        "request_brought": False,
        "acknowledged": (),
    }
    return cases.Choices(**usual | choices)


def opened(officer: User, desk: Desk, who: Applicant | None = None, **choices: Any) -> Application:
    """Open a case for somebody; for somebody who has none yet unless it is said for whom."""
    applicant = who or citizen(Application.objects.count())
    read = reading(desk, officer, applicant=applicant)
    return cases.open_case(applicant, chosen(**choices), by=officer, reading=read)


def checked(officer: User, desk: Desk, **choices: Any) -> Application:
    application = opened(officer, desk, **choices)
    identity_checks.record(application, method="card", document=DOCUMENT, note="", by=officer)
    return application


def printed(officer: User, desk: Desk, **choices: Any) -> Application:
    application = checked(officer, desk, **choices)
    packets.print_packet(application, by=officer)
    application.refresh_from_db()
    return application


def signed(officer: User, desk: Desk, **choices: Any) -> Application:
    return sign(printed(officer, desk, **choices), officer)


def sign(application: Application, officer: User) -> Application:
    missing = [(each.paper.pk, each.role) for each in papers.missing_signatures(application)]
    signatures.record(
        application, missing, signed_on=timezone.localdate(), place="Beograd", by=officer
    )
    application.refresh_from_db()
    return application


def office(code: str, place: str) -> Office:
    return Office.objects.create(code=code, name=f"PS {place}", place=place)

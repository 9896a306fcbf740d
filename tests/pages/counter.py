"""A counter with synthetic people, and cases brought to the step that a story is about."""

import base64
from datetime import date
from typing import Any

from django.utils import timezone

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


def reading(desk: Desk, officer: User, application: Application | None = None) -> CardReading:
    """Return a reading as it lies in the database when the desk has answered."""
    return CardReading.objects.create(
        desk=desk,
        application=application,
        asked_by=officer,
        result=CardReading.Result.READ,
        answered_at=timezone.now(),
        card=CARD,
        authenticity="proven",
    )


def opened(officer: User, desk: Desk, who: Applicant = PETAR, **choices: Any) -> Application:
    made = {
        "procedure": "issue",
        "script": "Cyrl",
        "email_choice": "no",
        "contract_requested": True,
        "contract_waiver": "",
        "request_brought": False,
        "acknowledged": (),
    } | choices
    return cases.open_case(who, cases.Choices(**made), by=officer, reading=reading(desk, officer))


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
    application = printed(officer, desk, **choices)
    missing = [(each.paper.pk, each.role) for each in papers.missing_signatures(application)]
    signatures.record(
        application, missing, signed_on=timezone.localdate(), place="Beograd", by=officer
    )
    application.refresh_from_db()
    return application


def office(code: str, place: str) -> Office:
    return Office.objects.create(code=code, name=f"PS {place}", place=place)

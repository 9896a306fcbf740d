"""Certificates made without a desk: its answers are given by a card in software, the CA is real."""

import base64

from cryptography.hazmat.primitives import serialization

from archive.services import audit
from cardops import messages
from cardops.messages import Message
from registration.ca import subject
from registration.models import Application, Desk, Issuance, User
from registration.queries import cases
from registration.queries import issuances as queries
from registration.services import answers, enrolments, filings, handovers, issuances, stages
from tests.ca.cards import Card
from tests.pages import counter


def started(officer: User, desk: Desk, **choices: object) -> Issuance:
    return start(counter.signed(officer, desk, **choices), officer, desk)


def start(case: Application, officer: User, desk: Desk) -> Issuance:
    option = "2" if case.procedure == "renew" else "1"
    return issuances.start(case, desk, option=option, email="", by=officer)


def interrupted(officer: User, desk: Desk, code: str) -> Issuance:
    return interrupt(started(officer, desk), code)


def interrupt(issuance: Issuance, code: str) -> Issuance:
    stages.interrupt(issuance.pk, code, {})
    return Issuance.objects.get(pk=issuance.pk)


def confirmed(officer: User, desk: Desk, **choices: object) -> Issuance:
    """Return an issuance whose certificate the card has proven."""
    return prove(started(officer, desk, **choices))


def renewal(case: Application) -> dict[str, object]:
    """Return the choices of a case in which the same person asks for option 2."""
    return {"procedure": "renew", "who": cases.applicant_of(case)}


def prove(issuance: Issuance, *, occupied: bool = False) -> Issuance:
    """Go through the whole making, every certificate of the case, with a card of code.

    `occupied`: what is renewed lies on that card, its key is destroyed.
    """
    for each in queries.unconfirmed(issuance.application):
        card = request(each, each.renews_serial if occupied else "")
        assert enrolments.enrol(str(each.pk))
        written(each, card)
    return Issuance.objects.get(pk=issuance.pk)


def request(issuance: Issuance, replaced: str = "") -> Card:
    """Let a card make key and request; return the card, which will prove the certificate."""
    card = Card(subject=subject.restore(issuance.subject))
    _answer(issuance, "request-made", _request(card) | {"replaced_serial": replaced})
    return card


def written(issuance: Issuance, card: Card) -> None:
    """Let the desk say that the card holds the certificate, with the card's proof."""
    issuance.refresh_from_db()
    _answer(issuance, "certificate-written", _written(card, issuance))


def handed_over(officer: User, desk: Desk, **choices: object) -> Application:
    return hand_over(confirmed(officer, desk, **choices).application, officer)


def hand_over(case: Application, officer: User) -> Application:
    stays, goes = handovers.expected(case)
    handovers.confirm(case, sorted(stays), sorted(goes), by=officer)
    case.refresh_from_db()
    return case


def filed(officer: User, desk: Desk, **choices: object) -> Application:
    return filings.file(handed_over(officer, desk, **choices), by=officer)


def _request(card: Card) -> dict[str, object]:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    key = card.key.public_key().public_bytes(serialization.Encoding.DER, form)
    return {"csr": _text(card.csr()), "public_key": _text(key)}


def _written(card: Card, issuance: Issuance) -> dict[str, object]:
    proof = card.prove(str(issuance.pk), bytes(issuance.challenge))
    read_back = _text(stages.certificate_der(issuance))
    return {"read_back": read_back, "signature": _text(proof), "pin_entries": 1}


def _answer(issuance: Issuance, kind: str, body: dict[str, object]) -> None:
    message = Message(
        desk=issuance.desk.code,
        type=kind,
        message_id=messages.new_id(),
        sequence=1,
        issued_at=0,
        expires_at=0,
        case=issuance.application.number,
        issuance=str(issuance.pk),
        step="",
        body=body,
    )
    with audit.transaction():
        answers.receive(issuance.desk, message)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

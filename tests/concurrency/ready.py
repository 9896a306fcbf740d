"""Cases brought to a step."""

from dataclasses import replace

from registration.models import Application, Desk, Issuance, User
from registration.services import cases
from tests.pages import counter
from tests.registration import making

CHOICES = counter.chosen(
    contract_requested=False, contract_waiver="ne želi ga", request_brought=True
)


def corrected(case: Application, phone: str, by: User) -> Application:
    """Write Petar's data, with another phone number, over those of a case."""
    return cases.correct(case, replace(counter.PETAR, phone=phone), CHOICES, by=by)


def started(officer: User, desk: Desk) -> Issuance:
    return making.start(counter.signed(officer, desk), officer, desk)


def issued(officer: User, desk: Desk) -> Application:
    case = making.prove(started(officer, desk)).application
    case.refresh_from_db()
    return case


def handed_over(officer: User, desk: Desk) -> Application:
    return making.hand_over(issued(officer, desk), officer)

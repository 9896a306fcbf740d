"""An office whose day is behind it: files in the archive, cases that wait, and refused ones."""

from dataclasses import replace
from datetime import date

from django.utils import timezone

from registration.management import demo
from registration.models import Desk, User
from registration.rules.applicant import Applicant
from registration.services import cases, filings
from tests.pages import counter
from tests.registration import making

MILICA = replace(
    counter.PETAR,
    surname="Ђорђевић",
    given_name="Милица",
    jmbg="1503985715012",
    born_on=date(1985, 3, 15),
    sex="Ž",
    document_number="003456789",
)
DZEJN = replace(
    counter.PETAR,
    surname="Živković",
    given_name="Džejn",
    jmbg="1106992715010",
    born_on=date(1992, 6, 11),
    sex="Ž",
    document_number="004567890",
)


def place() -> tuple[User, Desk]:
    """Make the demo office with its people and one desk."""
    office = demo.set_up()
    desk = Desk.objects.create(
        code="desk-1", name="Шалтер 1", office=office, public_keys={}, seen_at=timezone.now()
    )
    return User.objects.get(username="officer"), desk


def office() -> None:
    """Bring five cases of three people to different ends."""
    officer, desk = place()
    making.filed(officer, desk)
    making.confirmed(officer, desk)
    counter.printed(officer, desk)
    for person in (MILICA, DZEJN):
        _refused(person, officer, desk)


def _refused(person: Applicant, officer: User, desk: Desk) -> None:
    case = counter.signed(officer, desk, who=person)
    filings.file(cases.refuse(case, "Лична карта је проглашена неважећом.", by=officer), by=officer)

"""An office with an officer and a desk, whose cases are printed, signed and scanned."""

import pytest
from django.test import Client
from django.utils import timezone

from registration.models import Application, Desk, Office, User
from tests.pages import counter
from tests.people import employee, logged_in


@pytest.fixture(autouse=True)
def sentences(english: None) -> None:
    """Compare what people read in the language of the code."""


@pytest.fixture
def office(db: None) -> Office:
    return counter.office("071", "Stari grad")


@pytest.fixture
def officer(office: Office) -> User:
    return employee("milena", office, "officer")


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk.objects.create(
        code="desk-1", name="Desk 1", office=office, public_keys={}, seen_at=timezone.now()
    )


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return counter.printed(officer, desk)


@pytest.fixture
def client(officer: User) -> Client:
    return logged_in(officer)

"""What the stories of the pages share: an office with a desk, an officer at it."""

import pytest
from django.test import Client
from django.utils import timezone

from registration.models import Desk, Office, User
from tests.ca.published import sources, web
from tests.pages import counter
from tests.people import logged_in, person

__all__ = ["sources", "web"]


@pytest.fixture(autouse=True)
def sentences(english: None) -> None:
    """Compare what people read in the language of the code."""


@pytest.fixture
def office(db: None) -> Office:
    return counter.office("071", "Stari grad")


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk.objects.create(
        code="desk-1",
        name="Desk 1",
        office=office,
        public_keys={},
        reader="Reader A",
        card_present=True,
        seen_at=timezone.now(),
    )


@pytest.fixture
def officer(office: Office) -> User:
    return person("milena", office, "view_application", "add_application", "change_application")


@pytest.fixture
def client(officer: User) -> Client:
    return logged_in(officer)

"""The demo office with its people, a desk, and cases brought to any state."""

import pytest
from django.conf import settings
from django.utils import timezone

from registration.management import demo
from registration.models import Desk, Office, User
from tests.ca.published import sources, web

__all__ = ["sources", "web"]


@pytest.fixture(autouse=True)
def sentences(english: None) -> None:
    """Compare what people read in the language of the code."""


@pytest.fixture
def office(db: None) -> Office:
    return demo.set_up()


@pytest.fixture
def one_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cards get the certificate for signing alone."""
    monkeypatch.setitem(settings.OVERA, "ROLES", ["signing"])


@pytest.fixture
def officer(office: Office) -> User:
    return User.objects.get(username="officer")


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk.objects.create(
        code="desk-1", name="Desk 1", office=office, public_keys={}, seen_at=timezone.now()
    )

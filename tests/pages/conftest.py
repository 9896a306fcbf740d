"""What the stories of the pages share: an office with a desk, an officer at it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from registration.models import Desk, Office, User
from tests.ca.published import sources, web
from tests.pages import counter

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


def person(name: str, office: Office | None, *permissions: str) -> User:
    made = User.objects.create_user(name, password="not-a-secret", office=office)
    made.user_permissions.set(
        Permission.objects.filter(codename__in=permissions, content_type__app_label="registration")
    )
    if "change_application" in permissions:
        made.groups.set([Group.objects.get_or_create(name="officer")[0]])
    return made


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client

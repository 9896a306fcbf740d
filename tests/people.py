"""People at the pages: an account with rights of its own or with a role, and its browser."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client

from registration.models import Office, User
from registration.services import roles


def person(name: str, office: Office | str | None, *permissions: str) -> User:
    """Make an account with these rights; an office named by its code is made if there is none."""
    made = _account(name, office)
    made.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    if "change_application" in permissions:
        made.groups.set([Group.objects.get_or_create(name=roles.Role.OFFICER.value)[0]])
    return made


def employee(name: str, office: Office | None, role: str, **more: Any) -> User:
    """Make an account with a role, as the administrator does."""
    roles.set_up()
    made = _account(name, office, **more)
    made.groups.set([Group.objects.get(name=role)])
    roles.open_administration(made)
    return made


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _account(name: str, office: Office | str | None, **more: Any) -> User:
    if isinstance(office, str):
        office, _new = Office.objects.get_or_create(code=office)
    return User.objects.create_user(name, password="not-a-secret", office=office, **more)

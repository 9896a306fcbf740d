"""The synthetic office of a development installation: its people, without passwords at first."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import CommandError

from registration.models import Office, User
from registration.services import roles
from registration.workflow.states import Role

OFFICE = {
    "name": "Полицијска станица Савски венац",
    "place": "Београд",
    "address": "Примерна 1, Београд",
}
OFFICE_CODE = "071"


@dataclass(frozen=True)
class Person:
    username: str
    first_name: str
    last_name: str
    role: Role


PEOPLE = (
    Person("officer", "Јована", "Службеник", Role.OFFICER),
    Person("clerk", "Драган", "Архивар", Role.CLERK),
    Person("manager", "Снежана", "Руководилац", Role.MANAGER),
    Person("administrator", "Небојша", "Администратор", Role.ADMINISTRATOR),
    Person("member", "Мира", "Комисија", Role.COMMISSION),
    Person("member-2", "Сава", "Комисија", Role.COMMISSION),
    Person("head", "Хранислав", "Архиварски", Role.HEAD),
)


def require_development() -> None:
    """Raise CommandError in an office's own installation: it has people of its own."""
    if not settings.OVERA_DEVELOPMENT:
        raise CommandError("the demo accounts exist in a development installation only")


def set_up() -> Office:
    """Make the roles, the office and its people; what is there already stays."""
    require_development()
    roles.set_up()
    office, _created = Office.objects.get_or_create(code=OFFICE_CODE, defaults=OFFICE)
    for person in PEOPLE:
        _employ(person, office)
    return office


def _employ(person: Person, office: Office) -> None:
    user, created = User.objects.get_or_create(
        username=person.username,
        defaults={
            "first_name": person.first_name,
            "last_name": person.last_name,
            "office": office,
            "is_staff": person.role in {Role.MANAGER, Role.ADMINISTRATOR},
        },
    )
    if created:
        user.set_unusable_password()
        user.save()
    user.groups.set([Group.objects.get(name=person.role.value)])

"""`manage.py set_up_roles`: the groups of people, a role each."""

from typing import Any

from django.core.management.base import BaseCommand

from registration.services import roles


class Command(BaseCommand):
    help = "Makes the groups of the roles, with exactly the rights that each needs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        roles.set_up()

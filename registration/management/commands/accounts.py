"""`manage.py accounts`: new passwords for the demo people."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from registration.management import demo
from registration.models import User


class Command(BaseCommand):
    help = "Sets new passwords of the demo accounts and prints them (development only)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        demo.set_up()
        for person in demo.PEOPLE:
            password = secrets.token_urlsafe(9)
            user = User.objects.get(username=person.username)
            user.set_password(password)
            user.save()
            self.stdout.write(f"{person.username:<14} {password}")

"""`manage.py certification_body`: whether each body can be asked now, and what to do if not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registration.queries import bodies, body_states


class Command(BaseCommand):
    help = "Asks each certification body how it is; 1 and a sentence where one cannot be used."

    def handle(self, *_args: Any, **_options: Any) -> None:
        faults = []
        for name in bodies.names():
            answer, title = bodies.health(name), f"{name}: " if name else ""
            if answer.ok:
                self.stdout.write(f"{title}{body_states.well(name)}")
            else:
                faults.append(f"{title}{body_states.advice(name, answer.detail)}")
        if faults:
            raise CommandError("\n".join(faults))

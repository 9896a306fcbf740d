"""`manage.py certification_body`: whether the body can be asked now, and what to do if not."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registration import ca
from registration.ca.errors import CAError
from registration.queries import bodies


class Command(BaseCommand):
    help = "Asks the certification body how it is; 1 and a sentence where it cannot be used."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            health = ca.connect(settings.OVERA).health()
        except CAError as fault:
            raise CommandError(bodies.fault(fault)) from fault
        if not health.ok:
            raise CommandError(bodies.advice(health.detail))
        self.stdout.write(bodies.well(settings.OVERA["CA"]["CONNECTOR"]))

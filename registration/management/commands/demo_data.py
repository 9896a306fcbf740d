"""`manage.py demo_data`: the synthetic office of a development installation."""

from typing import Any

from django.core.management.base import BaseCommand

from registration.management import demo


class Command(BaseCommand):
    help = "Makes the demo office and its people (development only); repeatable."

    def handle(self, *_args: Any, **_options: Any) -> None:
        demo.set_up()

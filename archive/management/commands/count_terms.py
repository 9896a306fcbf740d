"""`manage.py count_terms REASON`: counts the years of renewed records anew, by the rule."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from archive.services.keeping import terms


class Command(BaseCommand):
    help = "Counts the terms of records whose certificates renewed one another; repeatable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reason", help="kept with every record whose term changes")

    def handle(self, *_args: Any, reason: str, **_options: Any) -> None:
        self.stdout.write(f"terms changed: {terms.recount_chains(reason)}")

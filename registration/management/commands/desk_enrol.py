"""`manage.py desk_enrol`: makes a desk known and prints the server's public keys for it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cardops.errors import MessageError
from registration.models import Office
from registration.services import desk_keys, desks


class Command(BaseCommand):
    help = "Registers a desk by the public keys that `python -m cardops.agent enrol` printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--code", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--office", required=True, help="code of the desk's office")
        parser.add_argument("--keys", type=Path, required=True, help="file with the printed JSON")

    def handle(
        self, *_args: Any, code: str, name: str, office: str, keys: Path, **_options: Any
    ) -> None:
        try:
            found = Office.objects.get(code=office)
            desks.register(code, name, found, json.loads(keys.read_text()), by=None)
        except Office.DoesNotExist:
            raise CommandError(f"there is no office {office}: make it in the admin first") from None
        except (OSError, ValueError, MessageError) as fault:
            raise CommandError(f"{keys} does not hold a desk's public keys: {fault}") from fault
        self.stdout.write(json.dumps(desk_keys.server_keys().public.to_json()))

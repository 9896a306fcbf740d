"""`manage.py demo_case FOLDER`: one whole case on the stack that runs, step by step."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registration.errors import RegistrationError
from registration.management import demo, walk


class Command(BaseCommand):
    help = "Walks one synthetic citizen's case from the card to the archive (development only)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the results go")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        demo.require_development()
        try:
            serials = walk.whole_case(folder, say=self.stdout.write)
        except (RegistrationError, walk.WalkError) as fault:
            sentence = fault.sentence() if isinstance(fault, RegistrationError) else str(fault)
            raise CommandError(f"demo: {sentence}") from fault
        self.stdout.write(f"demo: certificates {', '.join(serials)} on the card verified")

"""Writes the whole log into a new folder, for an inspector who checks it elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from archive.services import audit
from archive.services.log import log_export

MAY_SEE = "archive.view_auditprivate"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new folder")
        parser.add_argument("--by", required=True, metavar="ACCOUNT", help="who takes it")
        parser.add_argument("--reason", required=True, help="why; it stands in the log")
        parser.add_argument(
            "--private", action="store_true", help="with what the events say of citizens"
        )

    def handle(self, **options: Any) -> None:
        by = get_user_model().objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"there is no such account: {options['by']}")
        if options["private"] and not by.has_perm(MAY_SEE):
            audit.refuse("audit.export", subject="audit", by=by, reason="no right to private data")
            raise CommandError(f"{by.get_username()} may not see what events say of citizens")
        try:
            count = log_export.write(
                options["folder"], by=by, reason=options["reason"], private=options["private"]
            )
        except log_export.FolderTakenError as fault:
            raise CommandError(f"there is something already: {fault}") from fault
        self.stdout.write(
            f"{count} events are in {options['folder']}. Check them elsewhere:\n"
            "python3 verify_audit.py . --public-key KEY.pem --heads HEADS.jsonl"
        )

"""`manage.py record_evidence FOLDER`: the evidence of a certificate from the archive alone."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive import store
from archive.models import Record
from archive.services import inspection
from archive.services.log import slices


class Command(BaseCommand):
    help = (
        "Writes the evidence bundle of a certificate whose person the counter has dropped. It needs"
        " neither the counter's tables nor the certification body: the status in it is the last"
        " that the archive was told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the file goes; it must exist")
        parser.add_argument("--certificate", metavar="SERIAL", required=True, help="hexadecimal")
        parser.add_argument("--reason", required=True, help="why it is taken; stands in the log")

    def handle(self, *_args: Any, folder: Path, **options: Any) -> None:
        serial, reason = options["certificate"].lower().lstrip("0"), options["reason"].strip()
        record = Record.objects.filter(evidence__certificate=serial).first()
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        if record is None or not reason:
            raise CommandError(f"no evidence of {serial} is in the archive, or no reason was given")
        try:
            bundle = inspection.take(record, serial, reason=reason, by=None)
        except (store.StoreError, slices.UncoveredError) as fault:
            raise CommandError(f"a file of it is damaged or gone: {fault}") from fault
        (folder / bundle.name).write_bytes(bundle.data)
        self.stdout.write(str(folder / bundle.name))

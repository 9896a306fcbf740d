"""`manage.py evidence FOLDER`: what an inspector needs, and the evidence of a certificate."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive.services import inspection
from registration.errors import RegistrationError
from registration.models import Certificate
from registration.services import dossiers


class Command(BaseCommand):
    help = (
        "Writes the public key and a copy of the signed heads, the body's chain and the program"
        " that checks bundles; with --certificate also the evidence bundle of that one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the files go; it must exist")
        parser.add_argument("--certificate", metavar="SERIAL", help="serial number, hexadecimal")
        parser.add_argument("--reason", default="", help="why it is taken; stands in the log")

    def handle(self, *_args: Any, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        try:
            if options["certificate"]:
                bundle = _taken(options["certificate"], options["reason"])
                self._write(folder / bundle.name, bundle.data)
            for name, data in dossiers.kit().items():
                self._write(folder / name, data)
        except RegistrationError as fault:
            raise CommandError(fault.sentence()) from fault

    def _write(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)
        self.stdout.write(str(path))


def _taken(serial: str, reason: str) -> inspection.Bundle:
    if not reason.strip():
        raise CommandError("say why with --reason")
    wanted = serial.lower().lstrip("0")
    proven = Certificate.objects.filter(serial=wanted, issuance__confirmed_at__isnull=False).first()
    if proven is None:
        raise CommandError(f"no certificate {serial} was proven here")
    return dossiers.take(proven, reason=reason, by=None)

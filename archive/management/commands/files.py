"""`manage.py files`: how the archive's files stand; checks, repairs, seals their keys anew."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from archive import vault
from archive.models import FixityFinding, FixityRound
from archive.services.files import fixity, mirroring, repairs, rewrapping
from archive.store.errors import PlaceError

_LONG = 600.0  # seconds between two looks at whether the round has ended


class Command(BaseCommand):
    help = "Says how the archive's files stand: last check, findings, what waits for the replica."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="check every file now")
        what.add_argument("--repair", action="store_true", help="put files back from the replica")
        what.add_argument(
            "--repair-from", metavar="FOLDER", help="put files back from a backup of the store"
        )
        what.add_argument(
            "--rewrap", action="store_true", help="seal every file's key by the data key of today"
        )
        what.add_argument(
            "--new-key", action="store_true", help="let a new data key seal from now on"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._do(options)
        except PlaceError as fault:
            raise CommandError(f"where the files lie does not answer: {fault}") from fault

    def _do(self, options: dict[str, Any]) -> None:
        acts = {
            "check": self._check,
            "repair": self._repair,
            "repair_from": lambda: self._repair_from(Path(options["repair_from"])),
            "rewrap": self._rewrap,
            "new_key": self._new_key,
        }
        chosen = [act for name, act in acts.items() if options[name]]
        (chosen or [self._tell])[0]()

    def _check(self) -> None:
        fixity.begin(by=None)
        while FixityRound.objects.filter(open=True).exists():
            if fixity.go_on(timezone.now(), _LONG) is None:
                raise CommandError("a worker is at it; `manage.py files` says how far it is")
        self._tell()
        if findings := FixityFinding.objects.filter(ended_at=None).count():
            raise CommandError(f"{findings} files are not as they should be")

    def _repair(self) -> None:
        for finding in FixityFinding.objects.filter(ended_at=None).exclude(kind="extra"):
            try:
                repairs.repair(finding, by=None)
            except repairs.NoSourceError:
                self.stdout.write(f"{finding.name}: no whole copy")
            else:
                self.stdout.write(f"{finding.name}: {finding.kind}, repaired")
        self._require_none_left()

    def _repair_from(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        for finding, done in repairs.from_folder(folder, by=None):
            self.stdout.write(f"{finding.name}: {'repaired' if done else 'no whole copy there'}")
        self._require_none_left()

    def _rewrap(self) -> None:
        for seen, needed in rewrapping.rewrap(by=None):
            self.stdout.write(f"{seen} files, {needed} of them sealed anew")

    def _new_key(self) -> None:
        key = vault.add_key()
        self.stdout.write(f"data key {key} seals; restart Overa, then: manage.py files --rewrap")

    def _require_none_left(self) -> None:
        left = FixityFinding.objects.filter(ended_at=None).exclude(kind="extra").count()
        if left:
            raise CommandError(f"{left} files are still missing or damaged")

    def _tell(self) -> None:
        last = FixityRound.objects.first()
        if last is None:
            self.stdout.write("never checked")
        else:
            end = f"ended {last.ended_at:%Y-%m-%d %H:%M}" if last.ended_at else last.stage
            self.stdout.write(
                f"check of {last.started_at:%Y-%m-%d %H:%M}: {last.checked} files checked,"
                f" {last.size} bytes; {end}"
            )
        for finding in FixityFinding.objects.filter(ended_at=None):
            self.stdout.write(f"{finding.kind} in the {finding.where}: {finding.name}")
        self.stdout.write(f"{mirroring.waiting()} files wait for the replica")

"""`manage.py export_archive FOLDER`: the archive as a bag that can be read without us."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from archive.bag import packed
from archive.bag.folder import FolderTakenError
from archive.models import Record
from archive.queries import SearchQuery
from archive.services.log.slices import UncoveredError
from archive.services.moving import exports
from archive.services.moving.selections import Selection, SelectionError
from archive.services.refusals import ReasonMissingError

_TAKEN = {
    "whole": "a bag that is whole lies there already; name another folder",
    "foreign": "the folder holds something else; name an empty one",
    "busy": "another program is writing into it; wait until it has finished",
}
_NOTHING = {
    "empty": "no record fits, so there is nothing to export",
    "many": "the list has too many numbers; split it, or take a year or everything",
    "unknown": "no record has these file numbers; correct the list:",
}


class Command(BaseCommand):
    help = (
        "Writes records as a bag (BagIt): a page to open, papers, tables. Interrupted, it goes on"
        " when it is called with the same words again. What it writes are personal data in clear."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where the bag is made; new or empty")
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--all", action="store_true", help="the whole archive with its log")
        chosen.add_argument("--year", type=int, help="what was filed in a year")
        chosen.add_argument(
            "--numbers", type=Path, help="CSV with file numbers in its first column"
        )
        chosen.add_argument("--search", metavar="WORDS", help="what a search finds")
        parser.add_argument("--reason", required=True, help="why; it stands in the log")
        parser.add_argument("--zip", type=Path, help="also as one file")

    def handle(self, *_args: Any, folder: Path, **options: Any) -> None:
        selection, everybody = _selection(options), Record.objects.all()
        try:
            exports.note(selection, everybody, reason=options["reason"], by=None)
            made = exports.write(selection, folder, everybody)
        except ReasonMissingError as fault:
            raise CommandError("say why with --reason") from fault
        except SelectionError as fault:
            raise CommandError(f"{_NOTHING[fault.reason]} {', '.join(fault.numbers)}") from fault
        except FolderTakenError as fault:
            raise CommandError(f"{fault.path}: {_TAKEN[fault.reason]}") from fault
        except UncoveredError as fault:
            raise CommandError("the heads file is not of this log; run verify_audit") from fault
        exports.note_done(made, by=None)
        if options["zip"]:
            with options["zip"].open("xb") as out:
                packed.pack(folder, out, timezone.now())
        self._tell(folder, made)

    def _tell(self, folder: Path, made: exports.Made) -> None:
        for name, _sha256, reason in made.missing:
            self.stderr.write(f"missing: {name} ({reason})")
        self.stdout.write(
            f"{folder}: {made.records} records, {made.files} files, {made.size} bytes"
            f" ({made.kept} were there already, {len(made.missing)} are missing)"
        )
        self.stdout.write("These are personal data in clear: encrypt the disk or the file.")


def _selection(options: dict[str, Any]) -> Selection:
    if options["numbers"]:
        with options["numbers"].open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, delimiter=";")
            numbers = [row[0].strip() for row in rows if row and row[0].strip()]
        return Selection(numbers=tuple(dict.fromkeys(numbers)))
    query = SearchQuery(box=options["search"] or "")
    return Selection(everything=options["all"], year=options["year"], query=query)

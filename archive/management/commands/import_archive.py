"""`manage.py import_archive BAG`: a bag of export_archive becomes the archive of a new database."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive.bag import reading, sources
from archive.management.commands.verify_audit import SENTENCES as _OF_LOG
from archive.services.log import verification
from archive.services.moving import checking, imports
from archive.services.moving.checking import Told

SENTENCES = {
    "version": "{path}: no bag of a version that we know (1.0, 0.97)",
    "manifest": "{path}: the line is no “hash  name”",
    "name": "{path}: a name that leads elsewhere, or that not every disk can hold",
    "twice": "{path}: named twice in the manifest",
    "missing": "{path}: the manifest names it, but it is not there",
    "changed": "{path}: was changed since the bag was made",
    "unlisted": "{path}: is not in the manifest",
    "link": "{path}: is a link or a device, no plain file",
    "oxum": "{path}: number or size of the files is not what the bag says",
    "signature": "{path}: the bag was not signed with this key",
    "export-version": "{path}: written by a version of Overa that this one does not know",
    "table": "{path}: the table is not in the bag",
    "table-unknown": "{path}: a table that this version of Overa does not know",
    "column-unknown": "{path}: a column that this version of Overa does not know",
    "column-missing": "{path}: the column is missing",
    "column-value": "{path}: the value does not fit the column",
    "row-twice": "{path}: a second row with the same key",
    "reference": "{path}: names a row that is not in the bag",
    "file": "{path}: names a file that is not in the bag",
    "event": "{path}: no event of a log",
    "private": "{path}: the personal data beside the event was changed",
    "chain-gap": "{path}: the event is missing",
    "chain-previous": "{path}: the event does not follow the one before it",
    "chain-hash": "{path}: the event was changed",
}
_BAG = {
    "nothing": "there is no bag at {path}",
    "zip": "{path} is neither a folder nor a ZIP that can be read",
    "folders": "{path}: a ZIP with a bag holds one folder, with bagit.txt in it",
}
_NOT_EMPTY = {
    "rows": "there is an archive already",
    "events": "the log has begun already",
    "other": "another bag is half brought in; go on with that one",
    "done": "a bag was brought in already",
}
_ANEW = (
    "A bag becomes an archive of its own: make a new database (another OVERA_DATABASE and"
    " OVERA_VAR, manage.py migrate), and import before anything else is done there."
)


class Command(BaseCommand):
    help = (
        "Checks a bag, and makes it the archive of a new, empty database. Interrupted, it goes on"
        " when it is called again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bag", type=Path, help="a folder or a ZIP")
        parser.add_argument("--public-key", type=Path, help="heads.pub.pem, from where you trust")
        parser.add_argument("--check", action="store_true", help="only check, change nothing")

    def handle(self, *_args: Any, bag: Path, **options: Any) -> None:
        key = options["public_key"].read_bytes() if options["public_key"] else None
        index = reading.Index()
        try:
            with sources.opened(bag) as source:
                told = self._checked(source, index, key)
                if not options["check"]:
                    imports.check_empty(told.bag)
                    imports.load(source, index, told, by=None, progress=self._progress)
        except sources.NotABagError as fault:
            raise CommandError(_BAG[fault.reason].format(path=fault.path)) from fault
        except imports.NotEmptyError as fault:
            raise CommandError(f"{_NOT_EMPTY[fault.reason]}. {_ANEW}") from fault
        except imports.LoadError as fault:
            raise CommandError(f"stopped, call it again to go on: {fault}") from fault
        finally:
            index.close()
        if not options["check"]:
            self._verify(told)

    def _checked(self, source: sources.Source, index: reading.Index, key: bytes | None) -> Told:
        found, count = reading.first(checking.faults(source, index, key))
        for fault in found:
            self.stderr.write(SENTENCES[fault.reason].format(path=fault.path))
        if count:
            raise CommandError(
                f"{count} faults: nothing was brought in. Get a whole copy of the bag."
            )
        told = checking.told(source, index, key)
        what = "a whole archive" if told.everything else "a selection, without the log"
        self.stdout.write(f"the bag is whole: {what}, {told.records} records")
        if not told.known_key:
            self.stdout.write(
                "the key of its signature came with the bag: nobody vouches for it"
                " (bring it from elsewhere with --public-key)"
            )
        for sha256 in told.missing:
            self.stdout.write(f"missing since before the bag was made: {sha256}")
        return told

    def _progress(self, name: str, rows: int) -> None:
        self.stdout.write(f"{name}: {rows}", ending="\r" if sys.stdout.isatty() else "\n")

    def _verify(self, told: Told) -> None:
        report = verification.verify()
        for each in report.findings:
            self.stderr.write(_OF_LOG[each.reason].format(number=each.number, stream=each.stream))
        if report.findings:
            raise CommandError("it is brought in, but its log does not hold: do not work with it")
        self.stdout.write(
            f"{told.records} records are here; the audit holds: {report.events} events"
        )

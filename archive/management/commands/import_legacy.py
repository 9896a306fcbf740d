"""`manage.py import_legacy LIST --scans FOLDER`: an office's own list and scans become records."""

import getpass
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from archive.services import audit
from archive.services.legacy import checking, columns, lists, rows, sheets
from archive.services.records import FilingError

SENTENCES = {
    "empty": "must be filled in",
    "too_many": "the line has more cells than there are columns: a separator inside of a text?",
    "long": "the text is too long",
    "needed": "the file number is too long to be the case number too: fill it in",
    "word": "not one of the words for it (see the how-to)",
    "day": "not a day as 2.3.2015. or 2015-03-02",
    "future": "lies in the future",
    "assumed": "no end of its certificate is named: kept as if it had been the latest possible",
    "without": "without a JMBG the record is found by its name and numbers only",
    "jmbg": "a JMBG has 13 digits (a spreadsheet may have dropped a zero at its beginning)",
    "check_digit": "the check digit does not fit: compare it with the paper",
    "card": "a card number has 9 digits: compare it with the paper",
    "number_twice": "line {fact} has the same number and says something else",
    "category": "the list of categories has no place for this kind with this outcome: correct one",
    "number_taken": "another record has this number",
    "differs": "the record is there already and says something else; it is not changed",
    "folder": "{fact}: name the folder with --scans",
    "outside": "{fact}: lies outside of the folder of scans",
    "missing": "{fact}: is not in the folder of scans",
    "unreadable": "{fact}: cannot be read; scan it again",
    "locked": "{fact}: is locked with a password; save it without",
    "media": "{fact}: is no PDF, TIFF or JPEG",
    "certificate": "{fact}: is no certificate",
    "roles": "two certificates of the same kind",
    "certificate_taken": "another record has the certificate {fact}",
}
_NO_LIST = {
    "spreadsheet": "this is a spreadsheet: save it as CSV, then come again",
    "letters": "the letters are not {encoding}: name the right ones with --encoding",
    "header": "the first line must name these columns too: {columns}",
    "twice": "the first line names a column twice: {columns}",
    "csv": "line {line}: a quotation mark is not closed",
}


@dataclass(frozen=True)
class _Account:
    """Whoever typed the command."""

    name: str

    def get_username(self) -> str:
        return audit.SYSTEM

    def __str__(self) -> str:
        return self.name


class Command(BaseCommand):
    help = (
        "Checks a list (CSV) and the scans that it names, and says what is wrong in which line;"
        " with --write makes the records. The same list again makes nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "list", type=Path, help="the list, or with --template where to write one"
        )
        parser.add_argument("--scans", type=Path, metavar="FOLDER", help="where the scans lie")
        parser.add_argument(
            "--encoding", default="", help="of the list, where it is not recognised"
        )
        parser.add_argument("--template", action="store_true", help="write an empty list")
        parser.add_argument("--write", action="store_true", help="make the records")
        parser.add_argument("--leave-out-faulty", action="store_true", help="make the others")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["list"]
        if options["template"]:
            self._template(path)
            return
        sheet, source = _read(path, options)
        self._assumed(sheet)
        checked = checking.check(sheet, source)
        self._report(checked)
        if checked.grave and not (options["write"] and options["leave_out_faulty"]):
            raise CommandError(f"{checked.grave} faults: correct them and come again")
        if options["write"]:
            self._bring(checked, source)
        else:
            self.stdout.write("Nothing was written. With --write the records are made.")

    def _template(self, path: Path) -> None:
        with path.open("xb") as file:
            file.write(sheets.template())
        needed = ", ".join(each.name for each in columns.COLUMNS if each.needed)
        self.stdout.write(f"{path}: put your rows below the example. Needed: {needed}")

    def _assumed(self, sheet: sheets.Sheet) -> None:
        separator = {"\t": "tabulators", ";": "semicolons", ",": "commas"}[sheet.separator]
        self.stdout.write(f"read as {sheet.encoding} with {separator}: {len(sheet.lines)} rows")
        for name in sheet.unknown:
            self.stdout.write(f"passed over: the column “{name}”")

    def _report(self, checked: checking.Checked) -> None:
        for fault in checked.faults:
            told = self.stderr if fault.grave else self.stdout
            told.write(_sentence(fault))
        for name in checked.unnamed:
            self.stdout.write(f"no row names the file {name}")
        new = sum(not draft.grave for draft in checked.new)
        self.stdout.write(f"{new} records are new, {len(checked.known)} are there already")

    def _bring(self, checked: checking.Checked, source: checking.Source) -> None:
        by = _Account(getpass.getuser())
        try:
            made = lists.bring(checked, source, by=by, progress=self._progress)
        except FilingError as fault:
            raise CommandError(f"stopped, call it again to go on: {fault}") from fault
        self.stdout.write(f"{made} records were made")

    def _progress(self, made: int) -> None:
        if sys.stdout.isatty() or made % 1000 == 0:
            self.stdout.write(str(made), ending="\r" if sys.stdout.isatty() else "\n")


def _read(path: Path, options: dict[str, Any]) -> tuple[sheets.Sheet, checking.Source]:
    folder: Path | None = options["scans"]
    if not path.is_file():
        raise CommandError(f"there is no list {path}")
    if folder and not folder.is_dir():
        raise CommandError(f"there is no folder {folder}")
    data = path.read_bytes()
    try:
        sheet = sheets.read(data, options["encoding"])
    except sheets.SheetError as fault:
        raise CommandError(_NO_LIST[fault.reason].format(**fault.facts)) from fault
    return sheet, checking.Source(path.name, hashlib.sha256(data).hexdigest(), folder)


def _sentence(fault: rows.Fault) -> str:
    said = SENTENCES[fault.reason].format(fact=fault.fact)
    return (
        f"line {fault.line}, {fault.column}: {said}"
        if fault.column
        else f"line {fault.line}: {said}"
    )

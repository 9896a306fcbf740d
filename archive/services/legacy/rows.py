"""A row of a list, understood: what a record needs, and everything that is wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone
from stdnum.si import emso

from archive.filing import FiledLife
from archive.services.legacy import columns
from archive.services.legacy.sheets import Line

_SERBIAN = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_JMBG = re.compile(r"\d{13}")
_CARD = re.compile(r"\d{9}")
_LENGTHS = {
    "file_number": 40,
    "case_number": 30,
    "surname": 100,
    "given_name": 100,
    "office_code": 12,
    "office_name": 200,
    "officer": 200,
    "email": 254,
    "note": 300,
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell; `grave` ones keep the row out, others are only told."""

    line: int
    column: str
    reason: str
    grave: bool = True
    fact: str = ""


@dataclass
class Draft:
    """A row as a record will say it."""

    line: int
    cells: dict[str, str]
    kind: str = "issue"
    outcome: str = "issued"
    decided_on: date = date.min
    about: tuple[FiledLife, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    @property
    def file_number(self) -> str:
        return self.cells["file_number"]

    @property
    def case_number(self) -> str:
        return self.cells.get("case_number") or self.file_number

    @property
    def grave(self) -> bool:
        return any(fault.grave for fault in self.faults)

    def names(self, column: str) -> list[str]:
        """Return the files that a cell names, a line between them."""
        return [each.strip() for each in self.cells.get(column, "").split("|") if each.strip()]


def read(line: Line, today: date) -> Draft:
    draft = Draft(line.number, line.cells)
    for check in _CHECKS:
        for column, reason, grave in check(draft, today):
            draft.faults.append(Fault(line.number, column, reason, grave))
    return draft


Said = Iterator[tuple[str, str, bool]]
"""(column, reason, whether it keeps the row out)"""


def _filled(draft: Draft, _today: date) -> Said:
    for each in columns.COLUMNS:
        if each.needed and not draft.cells.get(each.name):
            yield each.name, "empty", True
    if "too_many" in draft.cells:
        yield "", "too_many", True


def _lengths(draft: Draft, _today: date) -> Said:
    for name, most in _LENGTHS.items():
        if len(draft.cells.get(name, "")) > most:
            yield name, "long", True
    if len(draft.case_number) > _LENGTHS["case_number"]:
        yield "case_number", "needed", True


def _words(draft: Draft, _today: date) -> Said:
    if said := draft.cells.get("kind"):
        kind = columns.word(said, columns.KINDS)
        draft.kind = kind or draft.kind
        if kind is None:
            yield "kind", "word", True
    draft.outcome = "performed" if draft.kind in columns.PERFORMED else draft.outcome
    if said := draft.cells.get("outcome"):
        outcome = columns.word(said, columns.OUTCOMES)
        draft.outcome = outcome or draft.outcome
        if outcome is None:
            yield "outcome", "word", True


def _days(draft: Draft, today: date) -> Said:
    if not (said := draft.cells.get("decided_on")):
        return
    decided = day(said)
    if decided is None:
        yield "decided_on", "day", True
    elif decided > today:
        yield "decided_on", "future", True
    draft.decided_on = decided or draft.decided_on


def _validity(draft: Draft, _today: date) -> Said:
    """Keep an issued record after its certificate's end; where none is named, the longest."""
    said = draft.cells.get("valid_until", "")
    until = day(said)
    if said and until is None:
        yield "valid_until", "day", True
        return
    if draft.outcome != "issued" or draft.names("certificates") or draft.decided_on == date.min:
        return
    if until is None:
        yield "valid_until", "assumed", False
        until = _later(draft.decided_on, int(str(settings.OVERA["VALIDITY_YEARS"])))
    moment = timezone.make_aware(datetime.combine(until, time.max))
    draft.about = (FiledLife(moment, None),)


def _numbers(draft: Draft, _today: date) -> Said:
    """Warn of a check digit only: wrong ones exist."""
    number = draft.cells.get("jmbg", "")
    if not number:
        yield "jmbg", "without", False
    elif not _JMBG.fullmatch(number):
        yield "jmbg", "jmbg", True
    elif not emso.is_valid(number):
        yield "jmbg", "check_digit", False
    card = draft.cells.get("document_number", "")
    if card and not _CARD.fullmatch(card):
        yield "document_number", "card", False


_CHECKS: tuple[Callable[[Draft, date], Said], ...] = (
    _filled,
    _lengths,
    _words,
    _days,
    _validity,
    _numbers,
)


def day(text: str) -> date | None:
    """Read 2.3.2015. or 02.03.2015 or 2015-03-02; nothing that could be two days."""
    if found := _SERBIAN.fullmatch(text):
        parts = (found[3], found[2], found[1])
    elif found := _ISO.fullmatch(text):
        parts = (found[1], found[2], found[3])
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def _later(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return start.replace(year=start.year + years, day=28)

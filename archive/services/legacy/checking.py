"""Checking a whole list and every file that it names: nothing is written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone

from archive.models import Record, RecordCertificate
from archive.queries import keeping
from archive.services.legacy import rows, scans
from archive.services.legacy.rows import Draft, Fault
from archive.services.legacy.sheets import Sheet

_AT_ONCE = 400


@dataclass(frozen=True)
class Source:
    """Where a list comes from: its name, the SHA-256 of its bytes, the folder of its scans."""

    name: str
    sha256: str
    folder: Path | None


@dataclass
class Checked:
    """What a list would bring."""

    new: list[Draft] = field(default_factory=list)
    known: list[Draft] = field(default_factory=list)  # records already, by the same row
    faults: list[Fault] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)  # files of the folder that no row names

    @property
    def grave(self) -> int:
        return sum(fault.grave for fault in self.faults)


def check(sheet: Sheet, source: Source) -> Checked:
    """Look at every row and every file."""
    done, today = Checked(), timezone.localdate()
    drafts = [rows.read(line, today) for line in sheet.lines]
    named = keeping.list_on(today)
    places = keeping.places(named) if named else {}
    for draft in drafts:
        draft.faults += _files(draft, source)
        if (draft.kind, draft.outcome) not in places:
            draft.faults.append(_fault(draft, "outcome", "category"))
    once = list(_once(drafts))
    for some in _batches(once):
        _compare(some, done)
    done.faults = sorted((f for each in drafts for f in each.faults), key=lambda f: f.line)
    done.unnamed = _unnamed(drafts, source)
    return done


def _batches(drafts: list[Draft]) -> Iterator[list[Draft]]:
    for at in range(0, len(drafts), _AT_ONCE):
        yield drafts[at : at + _AT_ONCE]


def _once(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Yield each row once; another one with its number is a fault, unless it says the same."""
    files: dict[str, Draft] = {}
    cases: dict[str, Draft] = {}
    for draft in drafts:
        if not draft.cells.get("file_number"):
            continue
        first = files.setdefault(draft.file_number, draft)
        if first is not draft:
            if first.cells != draft.cells:
                draft.faults.append(_fault(draft, "file_number", "number_twice", str(first.line)))
            continue
        other = cases.setdefault(draft.case_number, draft)
        if other is not draft:
            draft.faults.append(_fault(draft, "case_number", "number_twice", str(other.line)))
        yield draft


def _compare(some: list[Draft], done: Checked) -> None:
    """Tell rows that are records already from new ones, and from numbers of other records."""
    numbers = [each.file_number for each in some]
    cases = [each.case_number for each in some]
    by_file = {each.file_number: each for each in Record.objects.filter(file_number__in=numbers)}
    by_case = {each.case_number: each for each in Record.objects.filter(case_number__in=cases)}
    for draft in some:
        known = by_file.get(draft.file_number)
        if known and known.reference == reference(draft.file_number):
            done.known.append(draft)
            if _differs(known, draft):
                draft.faults.append(_fault(draft, "file_number", "differs", grave=False))
        elif known or draft.case_number in by_case:
            column = "file_number" if known else "case_number"
            draft.faults.append(_fault(draft, column, "number_taken"))
        else:
            done.new.append(draft)


def reference(file_number: str) -> str:
    """Return under which reference such a record is filed: a second time it is the same one."""
    return f"legacy:{file_number}"


def _differs(known: Record, draft: Draft) -> bool:
    said = draft.cells
    told = (said.get("surname"), said.get("given_name"), said.get("jmbg", ""), draft.decided_on)
    kept = (known.surname, known.given_name, known.jmbg, known.decided_on)
    return kept != told or known.files.count() != len(draft.names("scans"))


def _fault(draft: Draft, column: str, reason: str, fact: str = "", *, grave: bool = True) -> Fault:
    return Fault(draft.line, column, reason, grave, fact)


def _files(draft: Draft, source: Source) -> list[Fault]:
    """Return what is wrong with the files that a row names."""
    _scans, faults = _looked(draft, source, "scans", scans.read)
    found, others = _looked(draft, source, "certificates", scans.certificate)
    faults += others
    if len({each.role for each in found}) < len(found):
        faults.append(_fault(draft, "certificates", "roles"))
    for each in found:
        kept = RecordCertificate.objects.filter(issuer=each.issuer, serial=each.serial)
        if kept.exclude(record__reference=reference(draft.file_number)).exists():
            faults.append(_fault(draft, "certificates", "certificate_taken", each.serial))
    return faults


def _looked(
    draft: Draft, source: Source, column: str, look: Callable[[Path], Any]
) -> tuple[list[Any], list[Fault]]:
    found, faults = [], []
    for name in draft.names(column):
        try:
            found.append(look(scans.inside(source.folder, name)))
        except scans.FileError as error:
            faults.append(_fault(draft, column, error.reason, name))
    return found, faults


def _unnamed(drafts: list[Draft], source: Source) -> list[str]:
    if source.folder is None:
        return []
    named = {
        (source.folder / name).resolve()
        for draft in drafts
        for column in ("scans", "certificates")
        for name in draft.names(column)
    }
    found = (each for each in source.folder.rglob("*") if each.is_file())
    return sorted(
        str(each.relative_to(source.folder)) for each in found if each.resolve() not in named
    )

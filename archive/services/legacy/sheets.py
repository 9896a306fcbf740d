"""A list as offices have it: whatever letters and separators, told what was assumed."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from archive import errors
from archive.services.legacy import columns

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ";,\t"
_CYRILLIC_ALPHABET = frozenset("абвгдђежзијклљмнњопрстћуфхцчџш")
_MOSTLY = 0.3  # of the letters: a list in Latin letters has far fewer of its own


class SheetError(errors.ArchiveError):
    """A file that is no list: `reason` says why, `facts` are named in the sentence."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason  # "spreadsheet" | "letters" | "header" | "twice" | "csv"
        self.facts = facts


@dataclass(frozen=True)
class Line:
    """A row: the line on which it begins, what stands in each column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A list, and what had to be assumed to read it."""

    encoding: str
    separator: str
    unknown: tuple[str, ...]  # columns that are passed over
    lines: tuple[Line, ...]


def read(data: bytes, encoding: str = "") -> Sheet:
    """Read a list. Raises SheetError."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SheetError("spreadsheet")
    assumed = encoding or _encoding(data)
    try:
        text = data.decode(assumed)
    except (UnicodeDecodeError, LookupError) as error:
        raise SheetError("letters", encoding=assumed) from error
    separator = _separator(text)
    rows = _rows(text, separator)
    names, unknown = _header(next(rows, (1, []))[1])
    lines = (Line(number, _cells(names, row)) for number, row in rows)
    kept = tuple(line for line in lines if any(line.cells.values()))
    return Sheet(assumed, separator, unknown, kept)


def template() -> bytes:
    """Return an empty list with one example: UTF-8 with its mark, semicolons."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(each.name for each in columns.COLUMNS)
    writer.writerow(each.example for each in columns.COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def _encoding(data: bytes) -> str:
    """Tell UTF-8 from the two code pages of Windows: the Cyrillic one has letters all over."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        letters = [each for each in data.decode("cp1251", "replace").lower() if each.isalpha()]
        cyrillic = sum(each in _CYRILLIC_ALPHABET for each in letters)
        return "cp1251" if cyrillic > _MOSTLY * len(letters) else "cp1250"
    return "utf-8"


def _separator(text: str) -> str:
    """Take the separator that gives the first line the most columns that we know."""
    first = text.partition("\n")[0]
    return max(
        _SEPARATORS,
        key=lambda each: sum(map(_known, next(csv.reader([first], delimiter=each), []))),
    )


def _known(name: str) -> bool:
    return columns.named(name) is not None


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    at = 1
    try:
        for row in reader:
            yield at, row
            at = reader.line_num + 1
    except csv.Error as error:
        raise SheetError("csv", line=at) from error


def _header(cells: list[str]) -> tuple[list[str | None], tuple[str, ...]]:
    names = [columns.named(each) for each in cells]
    found = [each for each in names if each]
    if missing := [each.name for each in columns.COLUMNS if each.needed and each.name not in found]:
        raise SheetError("header", columns=", ".join(missing))
    if twice := sorted({each for each in found if found.count(each) > 1}):
        raise SheetError("twice", columns=", ".join(twice))
    unknown = [each for each, name in zip(cells, names, strict=True) if not name and each.strip()]
    return names, tuple(unknown)


def _cells(names: list[str | None], row: list[str]) -> dict[str, str]:
    pairs = zip(names, row, strict=False)
    cells = {name: " ".join(cell.split()) for name, cell in pairs if name}
    if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
        cells["too_many"] = row[len(names)]
    return cells

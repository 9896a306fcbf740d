"""Labels for folders and places, on sheets of labels as they are sold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from archive import codes, printing, queries, symbols
from archive.models import Place, Record
from archive.services import audit

_WIDTH, _HEIGHT = 210.0, 297.0  # mm, A4
_CODE_LINE = 9.5  # mm, with what is kept free above and below


@dataclass(frozen=True)
class Label:
    """What stands on a label: its code, the words to know it by from afar, and smaller ones."""

    code: str
    title: str
    lines: tuple[str, ...]

    @property
    def shown_code(self) -> str:
        return codes.spaced(self.code)

    @property
    def symbol(self) -> str:
        return symbols.picture(self.code)


@dataclass(frozen=True)
class Grid:
    """A sheet of equal labels; margins and gaps in mm. The settings name its size."""

    columns: int
    rows: int
    top: float
    left: float
    gap_x: float
    gap_y: float

    @property
    def width(self) -> float:
        return (_WIDTH - 2 * self.left - (self.columns - 1) * self.gap_x) / self.columns

    @property
    def height(self) -> float:
        return (_HEIGHT - 2 * self.top - (self.rows - 1) * self.gap_y) / self.rows

    @property
    def words(self) -> float:
        """Return the height for the words, above the line of the code."""
        return self.height - _CODE_LINE

    @property
    def size(self) -> int:
        """Return how many labels a sheet has."""
        return self.columns * self.rows

    def corners(self) -> Iterator[tuple[int, float, float]]:
        """Yield each label's number, row by row from 0, and its left and top in mm."""
        for at in range(self.size):
            row, column = divmod(at, self.columns)
            left = self.left + column * (self.width + self.gap_x)
            yield at, left, self.top + row * (self.height + self.gap_y)


def grid() -> Grid:
    said = settings.OVERA["LABELS"]
    return Grid(**{name.lower(): number for name, number in said.items()})


def of_records(records: Sequence[Record], *, by: queries.Viewer, skip: int = 0) -> bytes:
    """Return labels for folders as PDF, `skip` of the first sheet left out; who printed is logged.

    They name the person, so that a folder can be told without a scanner.
    """
    facts = {"what": "labels", "records": [each.file_number for each in records]}
    audit.view("archive", by=by, facts=facts)
    return _sheets([_of_record(each) for each in records], skip)


def of_places(places: Iterable[Place], *, skip: int = 0) -> bytes:
    """Return labels for rooms, shelves and boxes as PDF."""
    with translation.override("sr"):
        return _sheets([_of_place(each) for each in places], skip)


def _of_record(record: Record) -> Label:
    lines = (record.person, f"{record.shown_case_number} · {record.office_name}")
    return Label(record.folder_code, record.file_number, lines)


def _of_place(place: Place) -> Label:
    above = " / ".join(each.name for each in place.above)
    told = " · ".join(filter(None, (place.years, place.content)))
    lines = tuple(filter(None, (told, above, place.office_code)))
    return Label(place.code, place.name, lines)


def _sheets(labels: Sequence[Label], skip: int) -> bytes:
    layout = grid()
    sheets = list(_arranged(labels, skip % layout.size, layout.size))
    shown = {"sheets": sheets, "grid": layout}
    return printing.accessible(render_to_string("archive/print/labels.html", shown))


def _arranged(labels: Sequence[Label], first: int, size: int) -> Iterator[list[tuple[Label, int]]]:
    """Yield the sheets, each as its labels with their numbers on it."""
    places = [divmod(first + number, size) for number in range(len(labels))]
    for _sheet, group in groupby(zip(labels, places, strict=True), lambda each: each[1][0]):
        yield [(label, at) for label, (_, at) in group]

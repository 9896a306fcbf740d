"""Lists as files that offices open in a spreadsheet, row by row: CSV and XLSX."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
MOST_ROWS = 1_048_575  # of a sheet, below its head

_MARK = "\ufeff"
_DAY = 'dd"."mm"."yyyy"."'
_SHEET_NAME = 31  # characters
_CHUNK = 64 * 1024  # bytes
# With the wide letters that some spreadsheets fold.
_FORMULA, _CUT_AWAY = tuple("=+-@＝＋－＠"), ("\t", "\r")

Value = str | int | date | None
Row = Sequence[Value]


@dataclass(frozen=True)
class Column:
    title: str
    width: int  # characters


def written(
    form: str, title: str, columns: Sequence[Column], rows: Iterable[Row]
) -> Iterator[bytes]:
    """Give the list in one of the forms that TYPES names."""
    if form == "csv":
        return as_csv([column.title for column in columns], rows)
    return as_xlsx(title, columns, rows)


def as_csv(titles: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Give UTF-8 with its mark, semicolons between: what Excel opens right in Serbian."""
    yield _MARK.encode()
    yield _line(titles)
    yield from map(_line, rows)


def as_xlsx(title: str, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Give a workbook; its rows wait in a file, not in memory, until the last one is known."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:_SHEET_NAME])
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = "A2"
    sheet.append([_head(sheet, column.title) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        yield from _chunks(file)


def formula_like(text: str) -> bool:
    """Tell whether a spreadsheet might compute the text instead of showing it."""
    return text.lstrip().startswith(_FORMULA) or text.startswith(_CUT_AWAY)


def _line(row: Row) -> bytes:
    line = StringIO()
    csv.writer(line, delimiter=";").writerow(map(_plain, row))
    return line.getvalue().encode()


def _plain(value: Value) -> str:
    if value is None:
        return ""
    text = f"{value:%d.%m.%Y.}" if isinstance(value, date) else str(value)
    return f"'{text}" if formula_like(text) else text


def _head(sheet: Any, title: str) -> Cell:
    cell = _cell(sheet, title)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Cell:
    """Write a value; text stays text, whatever it begins with."""
    cell: Cell = WriteOnlyCell(sheet, value)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = formula_like(value)
    if isinstance(value, date):
        cell.number_format = _DAY
    return cell


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk

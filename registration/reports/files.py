"""Reports as files that offices open in a spreadsheet: CSV and XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from archive import spreadsheets
from registration.reports import writing
from registration.reports.scope import Row
from registration.reports.table import Report
from registration.reports.writing import Kind

_FORMATS = {
    Kind.MONTH: 'mm"."yyyy"."',
    Kind.DAY: 'dd"."mm"."yyyy"."',
    Kind.NUMBER: "#,##0",
    Kind.DURATION: "[h]:mm:ss",
}
_WIDEST, _SHEET_NAME = 60, 31  # characters
_HEAD = PatternFill("solid", fgColor="E8EFF6")


@dataclass(frozen=True)
class Download:
    """A file on its way out."""

    name: str
    media_type: str
    data: bytes


def as_csv(report: Report, rows: Sequence[Row]) -> bytes:
    """Return what a spreadsheet reads as text."""
    columns = report.columns
    written = (
        [writing.plain(getattr(row, column.name), column.kind) for column in columns]
        for row in rows
    )
    return b"".join(spreadsheets.as_csv([str(column.title) for column in columns], written))


def as_xlsx(report: Report, rows: Sequence[Row], about: Sequence[tuple[str, str]]) -> bytes:
    """Return a sheet with typed cells and a second one that says what was asked."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = str(report.title)[:_SHEET_NAME]
    _fill(sheet, report, rows)
    _tell(book.create_sheet(gettext("About")), about)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _fill(sheet: Worksheet, report: Report, rows: Sequence[Row]) -> None:
    for place, column in enumerate(report.columns, start=1):
        head = _write(sheet, 1, place, str(column.title))
        head.font, head.fill = Font(bold=True), _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="top")
        for line, row in enumerate(rows, start=2):
            value = _value(getattr(row, column.name), column.kind)
            cell = _write(sheet, line, place, value)
            cell.number_format = _FORMATS.get(column.kind, "General")
        _widen(sheet, place, [str(column.title)], report, rows)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(report.columns))}{len(rows) + 1}"


def _tell(sheet: Worksheet, about: Sequence[tuple[str, str]]) -> None:
    for line, (name, value) in enumerate(about, start=1):
        _write(sheet, line, 1, name).font = Font(bold=True)
        _write(sheet, line, 2, value)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, _WIDEST


def _write(sheet: Worksheet, line: int, place: int, value: Any) -> Cell:
    """Write a value; text stays text, whatever it begins with."""
    cell = cast("Cell", sheet.cell(line, place))  # nothing is merged
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = spreadsheets.formula_like(value)
    return cell


def _value(value: Any, kind: Kind) -> Any:
    typed = value is None or kind in _FORMATS
    return value if typed else writing.shown(value, kind)


def _widen(
    sheet: Worksheet, place: int, texts: list[str], report: Report, rows: Sequence[Row]
) -> None:
    column = report.columns[place - 1]
    texts += [writing.shown(getattr(row, column.name), column.kind) for row in rows]
    width = min(_WIDEST, max(len(text) for text in texts) + 3)
    sheet.column_dimensions[get_column_letter(place)].width = width

"""Tables as files for a spreadsheet, CSV and XLSX; no text of ours is ever a formula."""

import csv
from collections.abc import Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_NAME_LENGTH = 31  # characters, of a sheet
_NARROWEST, _WIDEST = 8, 50  # characters
_HEAD = PatternFill("solid", fgColor="E8EFF6")
_DAY = 'dd"."mm"."yyyy"."'
# What a spreadsheet may take for a formula, with the wide letters that some of them fold.
_FORMULA = tuple("=+-@＝＋－＠")


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return UTF-8 with its mark, semicolons between: what Excel opens right in Serbian."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(heads)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet with typed cells."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title[:_NAME_LENGTH]
    for place, head in enumerate(heads, start=1):
        values = [row[place - 1] for row in rows]
        for line, value in enumerate([head, *values], start=1):
            _write(cast("Cell", sheet.cell(line, place)), value, head=line == 1)
        longest = max(len(str(value)) for value in [head, *values])
        width = max(_NARROWEST, min(_WIDEST, longest + 2))
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    data = BytesIO()
    workbook.save(data)
    return data.getvalue()


def _write(cell: Cell, value: Any, *, head: bool) -> None:
    cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = _formula_like(value)
    if isinstance(value, date):
        cell.number_format = _DAY
    if head:
        cell.font, cell.fill = Font(bold=True), _HEAD


def _plain(value: Any) -> str:
    if value is None:
        return ""
    written = f"{value:%d.%m.%Y.}" if isinstance(value, date) else str(value)
    return f"'{written}" if _formula_like(written) else written


def _formula_like(text: str) -> bool:
    return text.lstrip().startswith(_FORMULA)

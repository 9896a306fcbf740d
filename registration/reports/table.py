"""A report as a table: what its columns hold, and its rows as lines of written cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from registration.reports import writing
from registration.reports.charts import Chart
from registration.reports.scope import Row, Scope
from registration.reports.writing import Kind


class Asks(StrEnum):
    """Which filters a report has besides the office."""

    PERIOD = "period"
    MONTHS = "months"  # that begin today
    NOW = "now"


@dataclass(frozen=True)
class Column:
    """`name` is the attribute of the row; a summed column has a total below the table."""

    name: str
    title: Any
    kind: Kind = Kind.TEXT
    summed: bool = False
    leads: bool = False  # to the cases of the row


@dataclass(frozen=True)
class Report:
    code: str
    title: Any
    about: Any
    asks: Asks
    columns: tuple[Column, ...]
    rows: Callable[[Scope], Sequence[Any]]
    charts: Callable[[Sequence[Any], Scope], tuple[Chart, ...]]


@dataclass(frozen=True)
class Cell:
    text: str
    number: bool
    leads: bool = False
    again: bool = False  # says what the line above says


@dataclass(frozen=True)
class Line:
    """A row as people read it."""

    key: str
    title: str
    cells: tuple[Cell, ...]


def lines(report: Report, rows: Sequence[Row]) -> Iterator[Line]:
    above = ""
    for row in rows:
        first, *others = (_cell(column, row) for column in report.columns)
        cells = (replace(first, again=first.text == above), *others)
        above = first.text
        yield Line(row.key, _title(report, cells), cells)


def totals(report: Report, rows: Sequence[Row]) -> tuple[Cell, ...]:
    """Return the last line of the table; empty where nothing can be added up."""
    if not any(column.summed for column in report.columns):
        return ()
    return tuple(_total(column, rows) for column in report.columns)


def _cell(column: Column, row: Row) -> Cell:
    text = writing.shown(getattr(row, column.name), column.kind)
    return Cell(text, column.kind in writing.NUMBERS, column.leads and bool(row.numbers))


def _total(column: Column, rows: Sequence[Row]) -> Cell:
    if not column.summed:
        return Cell("", number=False)
    total = sum(getattr(row, column.name) for row in rows)
    return Cell(writing.shown(total, Kind.NUMBER), number=True)


def _title(report: Report, cells: Sequence[Cell]) -> str:
    """Say which row it is by what stands before its numbers."""
    pairs = zip(report.columns, cells, strict=True)
    return ", ".join(cell.text for column, cell in pairs if not cell.number and cell.text)

"""Which rows belong to some records: their own, and those that they name."""

from typing import Any

from django.db.models import QuerySet

from archive.models import Record
from archive.services.moving import rows, tables
from archive.services.moving.tables import Table

Found = dict[str, "QuerySet[Any]"]
"""Rows by the name of their table."""


def all_rows() -> Found:
    return {table.name: _all(table) for table in tables.EVERYTHING}


def of(chosen: "QuerySet[Record]") -> Found:
    """Return the rows of these records, and of other tables those without which they say less."""
    records = chosen.order_by().values("pk")
    found: Found = {
        table.name: _all(table).filter(**{f"{table.record}__in": records})
        for table in tables.EVERYTHING
        if table.record
    }
    for table in reversed(tables.EVERYTHING):  # what names others comes after them
        if not table.record:
            found[table.name] = _all(table).filter(pk__in=_named(table, found))
    return found


def _named(table: Table, found: Found) -> set[Any]:
    """Return the keys of rows that others name; of these, too, those that each other name."""
    named: set[Any] = set()
    for other in tables.EVERYTHING:
        if other.name in found:
            named |= _values(other, table, found[other.name])
    more = named
    while more:
        more = _values(table, table, _all(table).filter(pk__in=more)) - named
        named |= more
    return named


def _values(table: Table, target: Table, some: "QuerySet[Any]") -> set[Any]:
    columns = [each for each in rows.references(table) if each.related_model is target.model]
    values = (some.order_by().values_list(each.attname, flat=True) for each in columns)
    return {value for each in values for value in each.distinct() if value is not None}


def _all(table: Table) -> "QuerySet[Any]":
    return table.model._base_manager.all()  # noqa: SLF001 - also what is hidden

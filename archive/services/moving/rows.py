"""Rows as canonical JSON, and back."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import BinaryField, Field, ForeignKey, JSONField

from archive import errors, vault
from archive.addresses import AddressField
from archive.services.moving.tables import Table

_BYTES = (BinaryField, vault.SealedBinaryField)
_AS_IT_IS = (JSONField, vault.SealedJSONField, vault.SealedTextField)


class RowError(errors.ArchiveError):
    """A row of a bag does not fit the table: a column too many, too few, or of another kind."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason  # "unknown" | "missing" | "value"


def columns(table: Table) -> Iterator["Field[Any, Any]"]:
    """Yield the columns that are written: all but those that are made anew."""
    for each in table.model._meta.concrete_fields:  # noqa: SLF001 - documented by Django
        if each.attname not in table.made_anew:
            yield each


def references(table: Table) -> Iterator["ForeignKey[Any, Any]"]:
    """Yield the columns that name a row of another table, or of this one."""
    return (each for each in columns(table) if isinstance(each, ForeignKey))


def names_itself(table: Table) -> bool:
    """Tell whether rows of a table name others of it, as a place does that lies in a place."""
    return any(each.related_model is table.model for each in references(table))


def addresses(table: Table) -> Iterator[str]:
    """Yield the columns that name files of the store."""
    return (each.attname for each in columns(table) if isinstance(each, AddressField))


def encode(table: Table, row: Any) -> dict[str, Any]:
    return {each.attname: _written(getattr(row, each.attname)) for each in columns(table)}


def decode(table: Table, told: Mapping[str, Any]) -> Any:
    """Return the row, unsaved, its columns of this installation made anew. Raises RowError."""
    known = {each.attname: each for each in columns(table)}
    for name in told:
        if name not in known:
            raise RowError(name, "unknown")
    row = table.model(**{name: _value(each, name, told) for name, each in known.items()})
    for name, make in table.made_anew.items():
        setattr(row, name, make(row))
    return row


def read(line: bytes) -> dict[str, Any]:
    """Return a line's row as it was told. Raises RowError."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RowError("", "value") from error
    if not isinstance(told, dict):
        raise RowError("", "value")
    return told


def _written(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case UUID() | Decimal():
            return str(value)
        case _:
            return value


def _value(column: "Field[Any, Any]", name: str, told: Mapping[str, Any]) -> Any:
    if name not in told:  # of an earlier version: it has what a new row has
        if not column.has_default() and not column.null and not column.blank:
            raise RowError(name, "missing")
        return column.get_default()
    value = told[name]
    if value is None and not column.null:
        raise RowError(name, "value")
    try:
        return value if value is None else _read(column, value)
    except (ValidationError, ValueError, TypeError) as error:
        raise RowError(name, "value") from error


def _read(column: "Field[Any, Any]", value: Any) -> Any:
    if isinstance(column, _BYTES):
        return bytes.fromhex(value)
    if isinstance(column, _AS_IT_IS):
        return value
    target = column.target_field if isinstance(column, ForeignKey) else column
    return _checked(target, target.to_python(value))


def _checked(column: "Field[Any, Any]", value: Any) -> Any:
    """Hold a text against its length: SQLite would not."""
    if column.max_length is not None and len(str(value)) > column.max_length:
        raise ValueError(column.name)
    return value

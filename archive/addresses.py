"""Columns that name files of the store: the field's class says so, for every application."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.db import models

ADDRESS = re.compile(r"[0-9a-f]{64}")  # SHA-256 of a file's bytes
_ASKED_AT_ONCE = 500

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField


class AddressField(_Text):
    """Names a file of the store (or nothing yet): as long as a row does, the file stays.

    The database sees a text: a migration knows nothing of this class.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 64, **options})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class Column(NamedTuple):
    """A column of addresses."""

    model: type[models.Model]
    field: str

    def __str__(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field}"  # noqa: SLF001 - documented by Django


def columns() -> Iterator[Column]:
    """Yield every column that names files, in one order."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 - documented by Django
            if isinstance(field, AddressField) and field.model is model:
                yield Column(model, field.attname)


def named(addresses: Iterable[str]) -> set[str]:
    """Return which of these files at least one row names."""
    asked, found = iter(addresses), set[str]()
    while some := list(itertools.islice(asked, _ASKED_AT_ONCE)):
        for column in columns():
            rows = column.model._base_manager.filter(**{f"{column.field}__in": some})  # noqa: SLF001
            found.update(rows.order_by().values_list(column.field, flat=True))
    return found

"""Which records somebody wants to take along."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import QuerySet

from archive import errors, queries
from archive.models import Record

MOST_NUMBERS = 10_000  # file numbers in one list


class SelectionError(errors.ArchiveError):
    """A selection that takes nothing, or not what was meant."""

    def __init__(self, reason: str, numbers: tuple[str, ...] = ()) -> None:
        super().__init__(f"{reason} {', '.join(numbers)}".strip())
        self.reason = reason  # "empty" | "unknown" (file numbers) | "many"
        self.numbers = numbers


@dataclass(frozen=True)
class Selection:
    """Everything, or what fits one of: a year of filing, file numbers, a search."""

    everything: bool = False
    year: int | None = None
    numbers: tuple[str, ...] = ()
    query: queries.SearchQuery = field(default_factory=queries.SearchQuery)

    @property
    def what(self) -> str:
        """Say in one word how it was chosen, for the log: what was typed may name a person."""
        if self.everything:
            return "everything"
        if self.year:
            return f"year {self.year}"
        return "list" if self.numbers else "search"

    def told(self) -> dict[str, Any]:
        """Return it as JSON."""
        query = {name: _text(value) for name, value in vars(self.query).items() if value}
        return {
            "everything": self.everything,
            "year": self.year,
            "numbers": list(self.numbers),
            "query": query,
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Selection":
        days = {each.name for each in fields(queries.SearchQuery) if "date" in str(each.type)}
        asked: dict[str, Any] = {
            name: date.fromisoformat(value) if name in days else value
            for name, value in told["query"].items()
        }
        query = queries.SearchQuery(**asked)
        return cls(told["everything"], told["year"], tuple(told["numbers"]), query)


def records(selection: Selection, within: QuerySet[Record]) -> QuerySet[Record]:
    """Return the records, in the order of their keys."""
    if selection.everything:
        chosen = within
    elif selection.year:
        chosen = within.filter(filed_on__year=selection.year)
    elif selection.numbers:
        chosen = within.filter(file_number__in=selection.numbers)
    else:
        chosen = queries.fitting(selection.query, within)
    return chosen.order_by("pk")


def check(selection: Selection, within: QuerySet[Record]) -> int:
    """Return how many records it takes. Raises SelectionError."""
    if len(selection.numbers) > MOST_NUMBERS:
        raise SelectionError("many")
    found = records(selection, within)
    if selection.numbers:
        known = set(found.order_by().values_list("file_number", flat=True))
        if unknown := tuple(each for each in selection.numbers if each not in known):
            raise SelectionError("unknown", unknown)
    count = found.count()
    if not count:
        raise SelectionError("empty")
    return count


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)

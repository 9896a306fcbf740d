"""What a report is about: a span of days and the offices that the asker may see."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from django.utils import timezone


class Row(Protocol):
    """A line of a report: found again by its key, made of these cases."""

    @property
    def key(self) -> str: ...
    @property
    def numbers(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Scope:
    """Both days are counted in; `offices` are primary keys."""

    start: date
    end: date
    offices: tuple[int, ...]

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Return the span as [from, to) in the office's own time."""
        return _midnight(self.start), _midnight(self.end + timedelta(days=1))

    def within(self, field: str, office: str) -> dict[str, Any]:
        """Return the lookups for rows of these offices whose moment lies in the span."""
        start, end = self.moments
        return {f"{field}__gte": start, f"{field}__lt": end, f"{office}__in": self.offices}

    def months(self) -> Iterator[date]:
        """Yield the first day of every month that the span touches."""
        month = self.start.replace(day=1)
        while month <= self.end:
            yield month
            month = following(month)


def following(month: date) -> date:
    """Return the first day of the next month."""
    return month.replace(day=1) + timedelta(
        days=calendar.monthrange(month.year, month.month)[1],
    )


def preceding(month: date) -> date:
    """Return the first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_of(moment: datetime) -> date:
    """Return the first day of the moment's month, on the office's calendar."""
    return timezone.localdate(moment).replace(day=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

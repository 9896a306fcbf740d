"""A span of days as few whole decades, years, months and days as cover it."""

from collections.abc import Iterator
from datetime import date, timedelta

FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
_WIDTHS = (3, 4, 6)  # of a decade, a year, a month, written as words.days does


def of(first: date | None, last: date | None) -> Iterator[str]:
    """Return the words of `words.days` of which every day of the span has exactly one."""
    day, last = max(first or FIRST, FIRST), min(last or LAST, LAST)
    while day <= last:
        word, end = _longest(day, last)
        yield word
        day = end + timedelta(days=1)


def _longest(day: date, last: date) -> tuple[str, date]:
    """Return the longest part of the calendar that begins on `day` and ends within the span."""
    for begins, end, width in zip(_begins(day), _ends(day), _WIDTHS, strict=True):
        if begins and end <= last:
            return f"{day:%Y%m%d}"[:width], end
    return f"{day:%Y%m%d}", day


def _begins(day: date) -> tuple[bool, bool, bool]:
    month, year = day.day == 1, (day.month, day.day) == (1, 1)
    return year and day.year % 10 == 0, year, month


def _ends(day: date) -> tuple[date, date, date]:
    return (
        date(day.year // 10 * 10 + 9, 12, 31),
        date(day.year, 12, 31),
        (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1),
    )

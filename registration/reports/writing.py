"""How the values of reports are written: for people, for spreadsheets."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.utils import formats
from django.utils.translation import gettext

_MINUTE, _HOUR, _DAY = 60, 3600, 86400  # seconds
_EXACT_BELOW = 10 * _MINUTE  # the seconds matter
NOTHING = "–"


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    MONTH = "month"
    DAY = "day"
    NUMBER = "number"
    DURATION = "duration"
    CASE = "case"
    FLAG = "flag"


NUMBERS = frozenset({Kind.NUMBER, Kind.DURATION})  # stand to the right


def shown(value: Any, kind: Kind) -> str:
    """Write for people, in their language."""
    return NOTHING if value is None else _SHOWN.get(kind, str)(value)


def plain(value: Any, kind: Kind) -> str:
    """Write for a spreadsheet that reads text."""
    return "" if value is None else _PLAIN.get(kind, _SHOWN.get(kind, str))(value)


def number(value: int) -> str:
    return formats.number_format(value, force_grouping=True)


def month(first: date) -> str:
    return formats.date_format(first, "YEAR_MONTH_FORMAT")


def day(value: date) -> str:
    return f"{value:%d.%m.%Y.}"


def case(value: str) -> str:
    """Write 260000123 as 26-0000123."""
    return f"{value[:2]}-{value[2:]}"


def duration(value: timedelta) -> str:
    """Write the greatest unit, and the next one where there is any of it and it matters."""
    seconds = round(value.total_seconds())
    if seconds < _MINUTE:
        return _seconds(seconds)
    if seconds < _HOUR:
        precise = seconds < _EXACT_BELOW
        return _both(_minutes(seconds // _MINUTE), _seconds, seconds % _MINUTE if precise else 0)
    if seconds < _DAY:
        return _both(_hours(seconds // _HOUR), _minutes, seconds % _HOUR // _MINUTE)
    days = gettext("%(days)d d") % {"days": seconds // _DAY}
    return _both(days, _hours, seconds % _DAY // _HOUR)


def clock(value: timedelta) -> str:
    """Write h:mm:ss, the hours beyond a day too."""
    seconds = round(value.total_seconds())
    return f"{seconds // _HOUR}:{seconds % _HOUR // _MINUTE:02}:{seconds % _MINUTE:02}"


def flag(value: object) -> str:
    return gettext("yes") if value else gettext("no")


def _both(greater: str, write: Callable[[int], str], rest: int) -> str:
    return f"{greater} {write(rest)}" if rest else greater


def _hours(count: int) -> str:
    return gettext("%(hours)d h") % {"hours": count}


def _minutes(count: int) -> str:
    return gettext("%(minutes)d min") % {"minutes": count}


def _seconds(count: int) -> str:
    return gettext("%(seconds)d s") % {"seconds": count}


_SHOWN: dict[Kind, Callable[[Any], str]] = {
    Kind.MONTH: month,
    Kind.DAY: day,
    Kind.NUMBER: number,
    Kind.DURATION: duration,
    Kind.CASE: case,
    Kind.FLAG: flag,
}
_PLAIN: dict[Kind, Callable[[Any], str]] = {
    Kind.MONTH: "{:%m.%Y.}".format,
    Kind.NUMBER: str,
    Kind.DURATION: clock,
}

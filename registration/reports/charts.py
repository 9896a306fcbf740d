"""Charts as plain geometry, whole pixels; the templates write them as SVG."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import formats

from registration.reports import writing

WIDTH = 960
_LEFT, _RIGHT, _TOP = 56, 16, 24  # margins of a chart of columns
_FLOOR, _HEIGHT = 232, 280  # where its columns stand, and the room for the months below
_LABELS = 340  # width of the names beside bars and ranges
_VALUES = 80  # and of the values behind them
_ROW, _BAR = 30, 16  # of bars and ranges
_LINES = 5  # at most, across a chart
_MANY = 24  # months; beyond it only the years are written
_LONGEST = 48  # letters of a name beside a bar
_SCALE = (1, 10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400)  # seconds


@dataclass(frozen=True)
class Mark:
    """A column or bar, or a range from `x` on of that `width`."""

    x: int
    y: int
    width: int
    height: int
    label: str
    value: str
    under: str = ""  # a second label: the year below a month

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def foot(self) -> int:
        return self.y + self.height // 2

    @property
    def end(self) -> int:
        return self.x + self.width


@dataclass(frozen=True)
class Tick:
    """A line across the chart."""

    at: int
    label: str


@dataclass(frozen=True)
class Chart:
    kind: str  # which template draws it
    title: Any
    height: int
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...] = ()
    legend: tuple[Any, ...] = ()
    width: int = WIDTH
    left: int = _LEFT
    floor: int = _FLOOR
    labels: int = _LABELS - 12

    @property
    def right(self) -> int:
        return self.width - _RIGHT


def columns(title: Any, months: Sequence[tuple[date, int]]) -> Chart:
    """Draw a column per month."""
    step = _step(max((count for _month, count in months), default=0))
    top = step * max(1, math.ceil(max((count for _month, count in months), default=0) / step))
    pace = (WIDTH - _LEFT - _RIGHT) / max(1, len(months))
    marks = tuple(
        _column(months, place, pace, count / top) for place, (_month, count) in enumerate(months)
    )
    ticks = tuple(
        Tick(_FLOOR - round((_FLOOR - _TOP) * value / top), writing.number(value))
        for value in range(0, top + 1, step)
    )
    return Chart("columns", title, _HEIGHT, marks, ticks)


def bars(title: Any, counted: Sequence[tuple[Any, int]]) -> Chart:
    """Draw a bar per name, in the order given."""
    most = max((count for _name, count in counted), default=0) or 1
    room = WIDTH - _LABELS - _VALUES
    marks = tuple(
        Mark(
            x=_LABELS,
            y=place * _ROW + (_ROW - _BAR) // 2,
            width=round(room * count / most),
            height=_BAR,
            label=_short(str(name)),
            value=writing.number(count),
        )
        for place, (name, count) in enumerate(counted)
    )
    return Chart("bars", title, len(marks) * _ROW, marks, floor=len(marks) * _ROW)


def ranges(
    title: Any, legend: tuple[Any, ...], took: Sequence[tuple[Any, timedelta, timedelta]]
) -> Chart:
    """Draw (name, from, to) on a scale on which every step is a multiple of the last."""
    if not took:
        return Chart("ranges", title, 0, ())
    scale = _scale(each for _name, *both in took for each in both)
    marks = tuple(
        Mark(
            x=_place(low, scale),
            y=place * _ROW + (_ROW - _BAR) // 2,
            width=_place(high, scale) - _place(low, scale),
            height=_BAR,
            label=_short(str(name)),
            value=f"{writing.duration(low)} – {writing.duration(high)}",
        )
        for place, (name, low, high) in enumerate(took)
    )
    floor = len(marks) * _ROW
    ticks = tuple(
        Tick(_place(timedelta(seconds=each), scale), writing.duration(timedelta(seconds=each)))
        for each in scale
    )
    return Chart("ranges", title, floor + 26, marks, ticks, legend, floor=floor)


def _column(months: Sequence[tuple[date, int]], place: int, pace: float, share: float) -> Mark:
    month, count = months[place]
    height = round((_FLOOR - _TOP) * share)
    width = max(2, min(48, round(pace * 0.64)))
    begins = place == 0 or month.month == 1
    return Mark(
        x=round(_LEFT + place * pace + (pace - width) / 2),
        y=_FLOOR - height,
        width=width,
        height=height,
        label=formats.date_format(month, "M") if len(months) <= _MANY else "",
        value=writing.number(count) if count and len(months) <= _MANY else "",
        under=f"{month.year}." if begins else "",
    )


def _step(most: int) -> int:
    """Return the distance of the lines: 1, 2 or 5 times a power of ten."""
    power = int(10 ** max(0, math.floor(math.log10(max(1, most))) - 1))
    fitting = (each * power for each in (1, 2, 5, 10, 20, 50) if each * power * _LINES >= most)
    return next(fitting)


def _scale(took: Iterable[timedelta]) -> tuple[int, ...]:
    """Return the marks of the scale from the last below the shortest to the first above all."""
    seconds = [max(1.0, each.total_seconds()) for each in took]
    first = max(place for place, each in enumerate(_SCALE[:-1]) if each <= min(seconds))
    beyond = (place for place, each in enumerate(_SCALE) if each >= max(seconds) and place > first)
    return _SCALE[first : next(beyond, len(_SCALE) - 1) + 1]


def _place(duration: timedelta, scale: Sequence[int]) -> int:
    """Return where a duration stands between the first and the last mark of the scale."""
    seconds = min(max(duration.total_seconds(), scale[0]), scale[-1])
    share = math.log(seconds / scale[0]) / math.log(scale[-1] / scale[0])
    return _LABELS + round((WIDTH - _LABELS - _VALUES * 2) * share)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"

"""Long straight lines and arcs among ink: folds, streaks, rims of stamps, rings of cups.

Found by consensus: of many lines through two points and circles through three the one that most
millimetres of ink follow without a gap, where it also runs outside the place of writing: a hand
keeps to its place, a stamp, a cup and a fold do not. A whole rim is one wherever it lies.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from registration.intake.pictures import Floats, Mask

_LINES, _CIRCLES = 150, 450  # tries
_LOOKED_AT = 2500  # points
_ON = 0.32  # mm beside the curve that belong to it
_SIMPLE = 0.3  # mm that a piece of ink deviates from a line or an arc and is no more than that
_OFF = 0.45  # mm beside it that go with it
_BESIDE = 0.6, 1.3  # mm beside it, where a curve that stands alone has nothing
_STEP = 0.4  # mm along a curve
_STEPS = 1000  # that are counted
_JUDGED = 6  # curves of each kind that are looked at closely
_LEAST = 22, 16  # mm of a line, of an arc
_GAP = 4  # mm
_DASHED, _DENSE = 0.4, 0.7  # of its length that has ink
_OUTSIDE = 4.0  # mm that a curve runs outside
_WHOLE = 50.0  # mm of a curve that is no hand's, wherever it lies
_RADIUS = 9.0, 60.0  # mm
_MOST = 6  # curves in one place
_FEW, _MANY = 40, 5000  # points: half a square millimetre, eighty


@dataclass(frozen=True)
class Circle:
    x: float
    y: float
    radius: float

    def places(self, points: Floats) -> tuple[Floats, Floats]:
        """Return how far along the curve and how far off it each point is, in mm."""
        x, y = points[:, 0] - self.x, points[:, 1] - self.y
        return (np.arctan2(y, x) + np.pi) * self.radius, np.hypot(x, y) - self.radius


@dataclass(frozen=True)
class Line:
    x: float
    y: float
    angle: float

    def places(self, points: Floats) -> tuple[Floats, Floats]:
        """Return how far along the curve and how far off it each point is, in mm."""
        x, y = points[:, 0] - self.x, points[:, 1] - self.y
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        return x * cosine + y * sine + _STEPS * _STEP / 2, y * cosine - x * sine


Rim = Circle | Line


def peel(points: Floats, outside: Mask, most: int = _MOST) -> tuple[Mask, list[Rim]]:
    """Tell which points (n, 2), in mm, are no part of a long line or arc; and return these.

    `outside` tells which of the points lie outside the place of writing; `most` is how many curves
    are looked for.
    """
    kept = np.ones(len(points), np.bool_)
    rims: list[Rim] = []
    rng = np.random.default_rng(len(points))  # the same points, the same answer
    while len(rims) < most and _is_worth_it(kept, outside):
        found = _longest(points[kept], outside[kept], rng)
        if found is None:
            break
        rims.append(found)
        kept &= np.abs(found.places(points)[1]) > _OFF
    return kept, rims


def _is_worth_it(kept: Mask, outside: Mask) -> bool:
    return bool((kept & outside).sum() >= _FEW or kept.sum() >= _MANY)


def is_simple(points: Floats) -> bool:
    """Tell whether a piece of ink is no more than one straight line or one arc."""
    if len(points) < _FEW:
        return True
    line, arc = _line(points), _circle(points, Circle(0, 0, 0))
    return any(_deviation(rim, points) < _SIMPLE for rim in (line, arc))


def span(rim: Rim, points: Floats) -> float:
    """Return how far apart, in mm along a curve, the first and the last ink on it lie."""
    along, away = rim.places(points)
    on = along[np.abs(away) < _ON]
    return float(np.ptp(on)) if len(on) else 0.0


def _deviation(rim: Rim, points: Floats) -> float:
    return float(np.sqrt(np.mean(rim.places(points)[1] ** 2)))


def _longest(points: Floats, outside: Mask, rng: Generator) -> Rim | None:
    chosen = rng.permutation(len(points))[:_LOOKED_AT]
    few, out = points[chosen], outside[chosen]
    tries: list[Rim] = [*_lines(few, rng), *_circles(few, rng)]
    rims = [_settled(each, few) for each in tries]
    lengths = [_length(rim, few, out) / _LEAST[isinstance(rim, Circle)] for rim in rims]
    best = max(zip(lengths, range(len(rims)), strict=True), default=(0.0, 0))
    return rims[best[1]] if best[0] >= 1 else None


def _lines(points: Floats, rng: Generator) -> list[Line]:
    """Return the lines through two points that have most ink on them."""
    ends = points[rng.integers(0, len(points), (2, _LINES))]
    apart = ends[1] - ends[0]
    angles = np.arctan2(apart[:, 1], apart[:, 0])
    normal = np.stack([-np.sin(angles), np.cos(angles)])
    away = points @ normal - np.sum(ends[0] * normal.T, 1)
    best = np.argsort(-(np.abs(away) < _ON).sum(0))[:_JUDGED]
    return [Line(float(ends[0, at, 0]), float(ends[0, at, 1]), float(angles[at])) for at in best]


def _circles(points: Floats, rng: Generator) -> list[Circle]:
    """Return the circles through three points that have most ink on them."""
    a, b, c = points[rng.integers(0, len(points), (3, _CIRCLES))]
    u, v = b - a, c - a
    cross = 2 * (u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])
    cross = np.where(np.abs(cross) < 1e-6, 1e-6, cross)  # noqa: PLR2004 - three in a row
    square_u, square_v = np.sum(u * u, 1), np.sum(v * v, 1)
    x = (v[:, 1] * square_u - u[:, 1] * square_v) / cross
    y = (u[:, 0] * square_v - v[:, 0] * square_u) / cross
    radius = np.hypot(x, y)
    fit = (radius > _RADIUS[0]) & (radius < _RADIUS[1])
    x, y, radius = (x + a[:, 0])[fit], (y + a[:, 1])[fit], radius[fit]
    away = np.hypot(points[:, :1] - x, points[:, 1:] - y) - radius
    best = np.argsort(-(np.abs(away) < _ON).sum(0))[:_JUDGED]
    return [Circle(float(x[at]), float(y[at]), float(radius[at])) for at in best]


def _settled(rim: Rim, points: Floats) -> Rim:
    """Fit a curve to the ink that lies on it."""
    on = points[np.abs(rim.places(points)[1]) < _ON]
    if len(on) < 3:  # noqa: PLR2004 - a circle has three points
        return rim
    return _line(on) if isinstance(rim, Line) else _circle(on, rim)


def _line(on: Floats) -> Line:
    middle = on.mean(0)
    _lengths, axes = np.linalg.eigh(np.cov((on - middle).T))
    return Line(float(middle[0]), float(middle[1]), float(np.arctan2(axes[1, 1], axes[0, 1])))


def _circle(on: Floats, rim: Circle) -> Circle:
    table = np.concatenate([on, np.ones((len(on), 1))], 1)
    (x, y, rest), *_others = np.linalg.lstsq(table, np.sum(on * on, 1), rcond=None)
    square = rest + (x * x + y * y) / 4
    fitted = Circle(float(x / 2), float(y / 2), float(np.sqrt(max(square, 0.0))))
    return fitted if _RADIUS[0] < fitted.radius < _RADIUS[1] else rim


def _length(rim: Rim, points: Floats, out: Mask) -> float:
    """Return how many mm of a curve have ink: dashed and alone, or dense with one side free."""
    along, away = rim.places(points)
    steps = (along / _STEP).astype(int).clip(0, _STEPS - 1)
    on = _has(steps, np.abs(away) < _ON)
    beyond = _has(steps, (np.abs(away) < _ON) & out)
    outer = _has(steps, (away > _BESIDE[0]) & (away < _BESIDE[1]))
    inner = _has(steps, (away < -_BESIDE[0]) & (away > -_BESIDE[1]))
    alone = _run(on & ~outer & ~inner, beyond, _DASHED)
    return max(alone, _run(on & ~(outer & inner), beyond, _DENSE))


def _run(on: Mask, beyond: Mask, full: float) -> float:
    """Return the longest piece, in mm, of which so great a share is there, some of it beyond."""
    at = np.flatnonzero(on)
    pieces = np.split(at, np.flatnonzero(np.diff(at) > _GAP / _STEP) + 1)
    far = (
        each
        for each in pieces
        if beyond[each].sum() * _STEP >= _OUTSIDE or _spread(each) * _STEP >= _WHOLE
    )
    lengths = (_spread(each) for each in far if len(each) >= full * _spread(each))
    return max(lengths, default=0) * _STEP


def _spread(piece: NDArray[np.intp]) -> int:
    return int(piece[-1] - piece[0]) + 1 if len(piece) else 0


def _has(steps: NDArray[np.intp], which: Mask) -> Mask:
    return np.bincount(steps[which], minlength=_STEPS) > 0

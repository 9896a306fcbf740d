"""Where a printed page lies in a scan: from its codes' corners, refined on what is printed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np

from registration.intake import born, patches, pictures
from registration.intake.born import BornPage
from registration.intake.errors import NotPlacedError
from registration.intake.patches import Sightings
from registration.intake.pictures import Floats, Picture
from registration.intake.scans import ScannedPage
from registration.intake.symbols import Symbol

_REACH = {2: (100, 2.2), 1: (100, 4.5), 0: (60, 9.0)}
"""Codes that were read → (dpi, mm) of the first search: how coarse, and how far about a place."""

_LAST = (150, 0.9)  # of the second search
_TOLERANCE = 0.7  # mm that a place may lie beside the page's own affine
_MATCHED = 0.4  # share of places that must agree where the page is to have been placed
_STIFF = 0.02  # how much is asked of the places before the page bends
_STRAY = 4.0  # times the median distance: such a place was mistaken
_GRID = 32  # pixels between the points that are computed; between them are straight lines


@dataclass(frozen=True)
class Placing:
    """Millimetres of the born page → pixels of the full picture.

    `matrix` (2, 3) is the affine part, `bend` (2, 7) what an uneven feed adds. `error` is the
    median distance in mm between printed places and where they were found, `matched` the share
    of them that was found.
    """

    matrix: Floats
    bend: Floats
    size: tuple[float, float]  # of the born page, mm
    error: float
    matched: float

    @property
    def turn(self) -> int:
        """Return by how many degrees, clockwise, the scan must be turned to stand upright."""
        across = self.matrix[:, 0]
        return -round(float(np.degrees(np.arctan2(across[1], across[0]))) / 90) * 90 % 360

    def scanned(self, points: Floats) -> Floats:
        """Return where points (n, 2) of the born page, in mm, lie in the full picture."""
        straight = points @ self.matrix[:, :2].T + self.matrix[:, 2]
        return straight + _terms(points, self.size) @ self.bend.T

    def straightened(
        self,
        picture: Picture,
        shrink: int = 1,
        dpi: int = born.DPI,
        box: tuple[float, float, float, float] | None = None,
    ) -> Picture:
        """Return a picture, decoded at 1/`shrink`, as the born page lies.

        `box` is a part of the page: left, top, right, bottom in mm.
        """
        per_mm = dpi / 25.4
        left, top, right, bottom = (round(each * per_mm) for each in box or (0, 0, *self.size))
        columns, rows = _knots(left, right), _knots(top, bottom)
        x, y = np.meshgrid((columns + 0.5) / per_mm, (rows + 0.5) / per_mm)
        at = self.scanned(np.stack([x.ravel(), y.ravel()], 1)) / shrink - 0.5
        fields = [at[:, axis].reshape(x.shape).astype(np.float32) for axis in (0, 1)]
        return pictures.remapped(
            picture, *(_filled(each, right - left, bottom - top) for each in fields)
        )


def place(page: ScannedPage, symbols: Sequence[Symbol], printed: BornPage) -> Placing:
    """Find a born page in a scan by the codes that were read on it, or by its print alone.

    Raises NotPlacedError where the scan does not look like the page.
    """
    shrink = page.work_shrink
    work = pictures.blurred(page.gray(shrink), 0.7)
    guesses = _by_codes(symbols, printed, page) or _by_outline(printed, page)
    first = _REACH[min(len(symbols), 2)]
    tried = [_refined(guess, work, shrink, printed, first) for guess in guesses]
    best = max(tried, key=lambda each: each.matched)
    if best.matched < _MATCHED:
        raise NotPlacedError(best.matched)
    return _refined(best, work, shrink, printed, _LAST)


def _by_codes(symbols: Sequence[Symbol], printed: BornPage, page: ScannedPage) -> list[Placing]:
    """Lay the codes' corners upon each other; of two ways the one that fits."""
    own = born.codes(printed)
    size = born.size(printed)
    if not symbols or not own:
        return []
    ways = [
        _fitted(symbols[: len(order)], order, size)
        for order in permutations(own, min(len(symbols), len(own)))
    ]
    if len(symbols) == 1:
        return [min(ways, key=lambda way: _beside(way, page))]
    return [min(ways, key=lambda way: way.error)]


def _fitted(symbols: Sequence[Symbol], own: Sequence[Symbol], size: tuple[float, float]) -> Placing:
    """Fit one turn, scale and shift to all corners (least squares, as complex numbers)."""
    source = np.concatenate([each.points for each in own])
    target = np.concatenate([each.points for each in symbols])
    here, there = source @ [1, 1j], target @ [1, 1j]
    centred = here - here.mean()
    turn = np.vdot(centred, there) / np.vdot(centred, centred)
    shift = there.mean() - turn * here.mean()
    matrix = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
    error = float(np.abs(turn * here + shift - there).mean() / abs(turn))
    return Placing(matrix, np.zeros((2, 7)), size, error, 0.0)


def _beside(way: Placing, page: ScannedPage) -> float:
    """Return how far the page's middle would lie from the picture's, in pixels."""
    middle = way.scanned(np.array([way.size]) / 2)[0]
    return float(np.hypot(*(middle - [page.width / 2, page.height / 2])))


def _by_outline(printed: BornPage, page: ScannedPage) -> list[Placing]:
    """Guess that the page fills the picture, either way up."""
    wide, high = born.size(printed)
    lies = (page.width > page.height) != (wide > high)
    turns = (90, 270) if lies else (0, 180)
    across = page.height if lies else page.width
    return [_turned(degrees, across / wide, (wide, high), page) for degrees in turns]


def _turned(degrees: int, per_mm: float, size: tuple[float, float], page: ScannedPage) -> Placing:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * per_mm
    shift = np.array([page.width, page.height]) / 2 - turn @ (np.array(size) / 2)
    matrix = np.concatenate([turn, shift[:, None]], 1)
    return Placing(matrix, np.zeros((2, 7)), size, float("inf"), 0.0)


def _refined(
    guess: Placing, work: Picture, shrink: int, printed: BornPage, how: tuple[int, float]
) -> Placing:
    """Search the printed places about where the guess has them, and fit the page to them anew."""
    dpi, reach = how
    lying = guess.straightened(work, shrink, dpi)
    seen = patches.seek(printed, lying, dpi, reach)
    if len(seen.born) < 4:  # noqa: PLR2004 - an affine has three points
        return replace(guess, matched=0.0)
    _matrix, agreed = pictures.affine(seen.born, seen.seen, _TOLERANCE)
    sure = Sightings(seen.born[agreed], seen.seen[agreed], seen.tried)
    return _bent(guess, sure) if agreed.sum() >= 4 else replace(guess, matched=0.0)  # noqa: PLR2004


def _bent(guess: Placing, seen: Sightings) -> Placing:
    """Fit the affine and what bends it; once more without the places that were mistaken."""
    target = guess.scanned(seen.seen)
    kept = np.ones(len(target), np.bool_)
    for _time in range(2):
        fitted = _solved(seen.born[kept], target[kept], guess.size)
        away = np.hypot(*(fitted.scanned(seen.born) - target).T)
        kept = away <= max(_STRAY * float(np.median(away)), 1e-6)
    scale = np.sqrt(abs(np.linalg.det(fitted.matrix[:, :2])))
    error = float(np.median(away[kept]) / scale)
    return replace(fitted, error=error, matched=float(kept.sum()) / seen.tried)


def _solved(source: Floats, target: Floats, size: tuple[float, float]) -> Placing:
    """Solve for both parts at once by least squares; bending is made costly, not forbidden."""
    plain = np.concatenate([source, np.ones((len(source), 1))], 1)
    table = np.concatenate([plain, _terms(source, size)], 1)
    stiff = np.zeros((7, table.shape[1]))
    stiff[:, 3:] = np.eye(7) * np.sqrt(_STIFF * len(source))
    wanted = np.concatenate([target, np.zeros((7, 2))])
    found = np.linalg.lstsq(np.concatenate([table, stiff]), wanted, rcond=None)[0].T
    return Placing(found[:, :3], found[:, 3:], size, 0.0, 0.0)


def _terms(points: Floats, size: tuple[float, float]) -> Floats:
    """Return the second and third powers of places on the page, from -1 to 1 across it."""
    x, y = (points / (np.array(size) / 2) - 1).T
    return np.stack([x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3], 1)


def _knots(start: int, end: int) -> Floats:
    """Return points every few pixels, one beyond each end."""
    return start + _GRID * (np.arange(-1, (end - start - 1) // _GRID + 2) + 0.5) - 0.5


def _filled(knots: Floats, wide: int, high: int) -> Floats:
    """Draw straight lines between the points."""
    rows, columns = knots.shape
    full = pictures.stretched(knots, columns * _GRID, rows * _GRID)
    return full[_GRID : _GRID + high, _GRID : _GRID + wide]

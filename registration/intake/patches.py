"""Small printed places by which a page is found again: choosing them, finding them in a scan."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from registration.intake import born, pictures
from registration.intake.born import BornPage
from registration.intake.pictures import Floats, Picture

SIDE = 11.0
"""Millimetres of a place; a scan to search must reach half of it farther than the search."""

_CHOSEN_AT = 100  # dpi
_CELL = 20.0  # mm of the field in which the best place is taken
_EDGE = 12.0  # mm that the middle of a place keeps from the sheet's edge
_SHARP = 0.002  # the least sharpness of a place worth looking for: some letters
_LIKE = 0.45  # the least correlation of a place that was found


@dataclass(frozen=True)
class Sightings:
    """Places of the born page, and where they were seen in a picture that should be like it.

    Both (n, 2), in mm of the born page; `tried` is how many were looked for.
    """

    born: Floats
    seen: Floats
    tried: int


@lru_cache(maxsize=1)
def places(page: BornPage) -> tuple[tuple[float, float], ...]:
    """Return the middles (x, y), in mm, of places that can be told from all about them."""
    per_mm = _CHOSEN_AT / 25.4
    sharp = pictures.sharpness(born.at(page, _CHOSEN_AT), round(SIDE * per_mm))
    step, edge = round(_CELL * per_mm), round(_EDGE * per_mm)
    inner = sharp[edge:-edge, edge:-edge]
    best = [
        _sharpest(inner, left, top, step)
        for top in range(0, inner.shape[0], step)
        for left in range(0, inner.shape[1], step)
    ]
    return tuple(
        ((edge + x + 0.5) / per_mm, (edge + y + 0.5) / per_mm)
        for x, y in best
        if inner[y, x] > _SHARP
    )


def _sharpest(field: Floats, left: int, top: int, step: int) -> tuple[int, int]:
    cell = field[top : top + step, left : left + step]
    y, x = divmod(int(cell.argmax()), cell.shape[1])
    return left + x, top + y


def seek(page: BornPage, picture: Picture, dpi: int, reach: float) -> Sightings:
    """Look for each place of a page in a picture that lies as the page does, `reach` mm about."""
    per_mm = dpi / 25.4
    printed = born.at(page, dpi)
    found = [_seek(printed, picture, place, per_mm, reach) for place in places(page)]
    pairs = [(place, at) for place, at in zip(places(page), found, strict=True) if at]
    table = np.array(pairs, np.float64).reshape(-1, 2, 2)
    return Sightings(table[:, 0], table[:, 1], len(found))


def _seek(
    printed: Picture, picture: Picture, place: tuple[float, float], per_mm: float, reach: float
) -> tuple[float, float] | None:
    half, far = round(SIDE / 2 * per_mm), round(reach * per_mm)
    x, y = (round(each * per_mm) for each in place)
    patch = printed[y - half : y + half, x - half : x + half]
    top, left = max(0, y - half - far), max(0, x - half - far)
    within = picture[top : y + half + far, left : x + half + far]
    if any(a < b for a, b in zip(within.shape, patch.shape, strict=True)):
        return None
    dx, dy, like = pictures.match(patch, within)
    if like < _LIKE:
        return None
    moved = left + dx - (x - half), top + dy - (y - half)
    return place[0] + moved[0] / per_mm, place[1] + moved[1] / per_mm

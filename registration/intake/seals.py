"""The place of a seal: stamped, unsure or empty."""

from dataclasses import dataclass

import numpy as np

from registration.documents.zones import Rect, Zone
from registration.intake import marks, rims
from registration.intake.born import PER_MM
from registration.intake.ink import Answer
from registration.intake.marks import Cut, Page
from registration.intake.pictures import Floats
from registration.intake.rims import Circle

_ABOUT = 14.0  # mm about the place in which a rim is looked for
_BESIDE = 4.0  # mm beyond the place where ink still speaks for a seal
_RIM = 10.0, 22.0  # mm: radius of a stamp's rim
_RIMS = 3  # curves that are looked for: a stamp has so many rims
_ON = 0.4  # mm beside a rim that belong to it
_CLEAN = 0.8  # square mm of ink: with less the place is clean
_STAMPED = 25.0  # square mm of ink within the rim: with less it is not sure
_ROUND, _SECTORS = 0.5, 72  # of the way round that a stamp's rim has ink, at least


@dataclass(frozen=True)
class Seal:
    """What a seal's place holds: square mm of ink, and the radius in mm of a rim, 0 for none.

    SIGNED stands for stamped. What the stamp says and whose it is only a person can tell.
    """

    zone: Zone
    answer: Answer
    area: float
    radius: float


def read(page: Page, zone: Zone) -> Seal:
    """Judge a seal's place: empty only where it is clean, stamped only by a rim full of ink."""
    cut = marks.ink(page, zone.rect, _ABOUT)
    area = _area(cut.within(_wider(zone.rect)))
    if area < _CLEAN:
        return Seal(zone, Answer.EMPTY, area, 0.0)
    rim = _rim(cut, zone.rect)
    stamped = rim is not None and _within(cut, rim) >= _STAMPED
    return Seal(zone, Answer.SIGNED if stamped else Answer.UNSURE, area, rim.radius if rim else 0.0)


def _rim(cut: Cut, rect: Rect) -> Circle | None:
    """Return the widest rim of a stamp that has its middle in the place."""
    points = cut.points()
    _kept, found = rims.peel(points, np.ones(len(points), np.bool_), _RIMS)
    circles = (each for each in found if isinstance(each, Circle) and _lies_in(each, rect))
    whole = (each for each in circles if _round(each, points) >= _ROUND)
    return max(whole, key=lambda each: each.radius, default=None)


def _lies_in(circle: Circle, rect: Rect) -> bool:
    across, down = circle.x - rect.left, circle.y - rect.top
    middle = 0 <= across <= rect.width and 0 <= down <= rect.height
    return middle and _RIM[0] <= circle.radius <= _RIM[1]


def _round(circle: Circle, points: Floats) -> float:
    """Return the share of the way round a rim that has ink."""
    along, away = circle.places(points)
    on = along[np.abs(away) < _ON] / (2 * np.pi * circle.radius)
    return len(np.unique((on * _SECTORS).astype(int) % _SECTORS)) / _SECTORS


def _within(cut: Cut, rim: Circle) -> float:
    away = rim.places(cut.points())[1]
    return float((away < 1).sum()) / PER_MM**2


def _wider(rect: Rect) -> Rect:
    return Rect(
        rect.left - _BESIDE,
        rect.top - _BESIDE,
        rect.width + 2 * _BESIDE,
        rect.height + 2 * _BESIDE,
    )


def _area(cut: Cut) -> float:
    return float(cut.mask.sum()) / PER_MM**2

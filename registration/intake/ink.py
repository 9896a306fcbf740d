"""Signature boxes: signed, unsure or empty."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from registration.documents.zones import Rect, Zone
from registration.intake import marks, rims
from registration.intake.born import PER_MM
from registration.intake.marks import Cut, Page
from registration.intake.pictures import Floats, Mask
from registration.intake.rims import Circle, Rim

_ABOUT = 15.0  # mm about a box in which stamps and rings are looked for
_BELOW, _BESIDE = 6.0, 2.0  # mm beyond the box where a signature may go on
_STAMP = 10.0, 22.0  # mm: radius of a stamp's rim
_RIM = 1.0  # mm that a stamp's ink goes beyond it
_STROKE = 2.0  # mm: a piece as long as this is writing
_SIGNED = 4.5, 4.0  # square mm of writing, mm across: with less it is not sure
_NOTHING = 1.2  # square mm of writing: with less there is none


class Answer(StrEnum):
    SIGNED = "signed"
    UNSURE = "unsure"
    EMPTY = "empty"


@dataclass(frozen=True)
class Signature:
    """What a box holds: square mm of writing, mm across it, and whether a stamp reaches it."""

    zone: Zone
    answer: Answer
    area: float
    across: float
    stamped: bool


def read(page: Page, zone: Zone) -> Signature:
    """Judge a signature box: never signed where a stamp reaches, nor by lines and rings alone."""
    cut = marks.ink(page, zone.rect, _ABOUT)
    points = cut.points()
    place = _place(zone.rect)
    kept, found = rims.peel(points, ~_within(points, place))
    stamps = [rim for rim in found if _is_stamp(rim)]
    in_stamp = _inside(points, stamps)
    written = cut.without(~kept | in_stamp).within(place).strokes(_STROKE)
    stamped = bool(cut.without(~in_stamp).within(place).mask.any())
    area, across = _area(written), _across(written)
    answer = Answer.UNSURE if area >= _NOTHING or stamped else Answer.EMPTY
    if not stamped and across >= _SIGNED[1] and _is_enough(written):
        answer = Answer.SIGNED
    return Signature(zone, answer, area, across, stamped)


def _is_enough(written: Cut) -> bool:
    """Tell whether there is more than single lines and arcs: ends of folds and rings look so."""
    involved = (piece for piece in written.pieces() if not rims.is_simple(piece.points()))
    return sum(_area(piece) for piece in involved) >= _SIGNED[0]


def _area(cut: Cut) -> float:
    return float(cut.mask.sum()) / PER_MM**2


def _place(rect: Rect) -> Rect:
    return Rect(
        rect.left - _BESIDE,
        rect.top - _BESIDE,
        rect.width + 2 * _BESIDE,
        rect.height + _BESIDE + _BELOW,
    )


def _within(points: Floats, rect: Rect) -> Mask:
    x, y = points[:, 0] - rect.left, points[:, 1] - rect.top
    return (x >= 0) & (x <= rect.width) & (y >= 0) & (y <= rect.height)


def _is_stamp(rim: Rim) -> bool:
    return isinstance(rim, Circle) and _STAMP[0] <= rim.radius <= _STAMP[1]


def _inside(points: Floats, stamps: list[Rim]) -> Mask:
    inside = np.zeros(len(points), np.bool_)
    for stamp in stamps:
        inside |= stamp.places(points)[1] < _RIM
    return inside


def _across(cut: Cut) -> float:
    points = cut.points()
    return float(np.hypot(*np.ptp(points, axis=0))) if len(points) else 0.0

"""Which option's number was circled: how much of the way round it is inked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from registration.documents.zones import Zone
from registration.intake import marks
from registration.intake.born import PER_MM
from registration.intake.ink import Answer
from registration.intake.marks import Page
from registration.intake.pictures import Floats

_RING = 1.9, 5.6  # mm from the number's middle: a hand's circle lies between
_SECTORS = 72
_WIDEN = 1  # sectors to either side that a stroke is taken to reach
_CIRCLED, _OPEN = 0.72, 0.3  # of the sectors: surely circled from, surely not up to
_TRACE = 0.12  # of the sectors: where nothing else is circled a faint pencil's may be no more
_UPON = 3.0, 1.0  # mm about the number's middle, square mm of ink there: it was marked


@dataclass(frozen=True)
class Option:
    """`round` is the share of the way about the number that has ink."""

    zone: Zone
    answer: Answer
    round: float


@dataclass(frozen=True)
class Choice:
    """All options of a page; `number` is the chosen one's, empty where none is or it is unsure."""

    options: tuple[Option, ...]
    answer: Answer
    number: str


def read(page: Page, zones: Sequence[Zone]) -> Choice:
    """Say which of a page's options was circled; SIGNED stands for circled."""
    options = tuple(_option(page, zone) for zone in zones)
    circled = [each for each in options if each.answer == Answer.SIGNED]
    if len(circled) == 1 and all(each.answer != Answer.UNSURE for each in options):
        return Choice(options, Answer.SIGNED, circled[0].zone.name)
    untouched = all(each.answer == Answer.EMPTY and each.round <= _TRACE for each in options)
    return Choice(options, Answer.EMPTY if untouched else Answer.UNSURE, "")


def _option(page: Page, zone: Zone) -> Option:
    rect = zone.rect
    middle = np.array([rect.left + rect.width / 2, rect.top + rect.height / 2])
    cut = marks.ink(page, rect, _RING[1])
    points = cut.points() - middle
    share = _round(points)
    upon = np.hypot(points[:, 0], points[:, 1]) < _UPON[0]
    marked = float(upon.sum()) / PER_MM**2 > _UPON[1]
    return Option(zone, _answer(share, marked=marked), share)


def _round(points: Floats) -> float:
    """Return the share of directions in which ink lies in the ring."""
    away = np.hypot(points[:, 0], points[:, 1])
    ring = points[(away > _RING[0]) & (away < _RING[1])]
    turn = (np.arctan2(ring[:, 1], ring[:, 0]) / (2 * np.pi) % 1 * _SECTORS).astype(int)
    covered = np.zeros(_SECTORS, np.bool_)
    for step in range(-_WIDEN, _WIDEN + 1):
        covered[(turn + step) % _SECTORS] = True
    return float(covered.mean())


def _answer(share: float, *, marked: bool) -> Answer:
    """Judge; a cross or a tick upon the number is no circle, and not nothing."""
    if share >= _CIRCLED:
        return Answer.SIGNED
    return Answer.UNSURE if marked or share > _OPEN else Answer.EMPTY

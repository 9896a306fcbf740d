"""Hands and pens by a written law: signatures, initials, circles, as strokes in millimetres.

The law of pens: width 0.2-0.8 mm; luminance contrast 0.25-0.9; one in eight is a pencil (0.25-0.5,
grainy); one hand in eight only initials; one signature in six crosses the line below its box.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from registration.documents.zones import Rect
from registration.intake.pictures import Floats

PENCILS, INITIALS, CROSSING = 1 / 8, 1 / 8, 1 / 6
BLUE, BLACK, GRAPHITE, RED = (1.25, 1.0, 0.45), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.3, 1.15, 1.1)
"""How much red, green and blue light an ink takes, against its luminance contrast."""


@dataclass(frozen=True)
class Pen:
    width: float  # mm
    contrast: float  # share of the paper's light that the middle of a stroke takes
    colour: tuple[float, float, float]
    grain: float = 0.0  # share of the stroke that the paper's tooth leaves white


@dataclass(frozen=True)
class Stroke:
    """A line through points (x, y) in mm, with the pen that drew it."""

    points: Floats
    pen: Pen


@dataclass(frozen=True)
class Hand:
    """A signature and what kind of one it is."""

    strokes: tuple[Stroke, ...]
    pencil: bool
    initials: bool
    crossing: bool


def pen(rng: Generator) -> Pen:
    colour = BLUE if rng.random() < 0.6 else BLACK
    return Pen(rng.uniform(0.2, 0.8), rng.uniform(0.25, 0.9), colour)


def pencil(rng: Generator) -> Pen:
    return Pen(rng.uniform(0.2, 0.8), rng.uniform(0.25, 0.5), GRAPHITE, rng.uniform(0.1, 0.35))


def signature(rng: Generator, box: Rect) -> Hand:
    """Sign in a box, with a pen of the law."""
    drawn_by_pencil = bool(rng.random() < PENCILS)
    initials = bool(rng.random() < INITIALS)
    crossing = bool(rng.random() < CROSSING)
    tool = pencil(rng) if drawn_by_pencil else pen(rng)
    height = rng.uniform(4, 8) if initials else rng.uniform(3, 7)
    letters = int(rng.integers(2, 4)) if initials else int(rng.integers(5, 12))
    lines = _initials(rng, letters, height) if initials else _cursive(rng, letters, height)
    moved = _placed(rng, lines, box, crossing=crossing)
    return Hand(tuple(Stroke(each, tool) for each in moved), drawn_by_pencil, initials, crossing)


def circle(rng: Generator, around: Rect) -> tuple[Stroke, ...]:
    """Circle an option's number, as hands do it: no circle, not closed, or closed twice."""
    x, y = around.left + around.width / 2, around.top + around.height / 2
    turn = rng.uniform(0.92, 1.35) * 2 * np.pi
    at = np.linspace(0, turn, 90) + rng.uniform(0, 2 * np.pi)
    wobble = (
        1 + 0.06 * np.sin(2 * at + rng.uniform(0, 6)) + np.linspace(0, rng.uniform(-0.15, 0.15), 90)
    )
    wide, high = rng.uniform(2.6, 4.4), rng.uniform(2.5, 3.7)
    shift = rng.normal(0, 0.35, 2)
    points = np.stack(
        [x + shift[0] + wide * wobble * np.cos(at), y + shift[1] + high * wobble * np.sin(at)], 1
    )
    return (Stroke(points, pencil(rng) if rng.random() < PENCILS else pen(rng)),)


def word(rng: Generator, left: float, base: float, letters: int, height: float = 3) -> list[Floats]:
    """Write a word by hand, its lower left corner given."""
    lines = _cursive(rng, letters, height)
    return [each + np.array([left, base]) for each in lines]


def _cursive(rng: Generator, letters: int, height: float) -> list[Floats]:
    """Return one long line of loops, often with a capital before and a flourish below."""
    width = letters * rng.uniform(1.8, 3.6)
    at = np.linspace(0, 1, letters * 14)
    beat = 2 * np.pi * letters * at
    rise = _wander(rng, len(at), 0.35, 1.0) * height * 0.5
    loop = rng.uniform(0.25, 0.8) * width / letters
    x = width * at + loop * np.sin(beat + rng.uniform(0, 6)) * _wander(rng, len(at), 0.4, 1)
    y = -rise * (1 + np.sin(beat + 0.7)) / 1.3 + rng.uniform(-0.12, 0.12) * width * at
    lines = [np.stack([x, y], 1)]
    if rng.random() < 0.7:
        lines.insert(0, _capital(rng, height * rng.uniform(1.3, 2)) - [height * 0.8, 0])
    if rng.random() < 0.4:
        lines.append(_flourish(rng, width))
    return lines


def _capital(rng: Generator, height: float) -> Floats:
    at = np.linspace(0, rng.uniform(1.1, 2.2) * np.pi * 2, 40)
    x = height * 0.35 * np.cos(at + rng.uniform(0, 6)) * np.linspace(1, rng.uniform(0.3, 1), 40)
    y = -height * (0.5 + 0.5 * np.sin(at * rng.uniform(0.5, 1)))
    return np.stack([x + height * 0.3, y], 1)


def _flourish(rng: Generator, width: float) -> Floats:
    at = np.linspace(0, 1, 30)
    x = width * (1.05 - rng.uniform(0.6, 1.1) * at)
    return np.stack([x, 1.5 + rng.uniform(0.3, 2) * np.sin(at * np.pi * rng.uniform(0.6, 1.6))], 1)


def _initials(rng: Generator, letters: int, height: float) -> list[Floats]:
    """Return two or three capitals, each of a few straight or bent strokes."""
    lines = []
    for letter in range(letters):
        for _stroke in range(int(rng.integers(1, 4))):
            corners = rng.uniform([0, -1], [0.8, 0], (int(rng.integers(3, 5)), 2)) * height
            lines.append(smooth(corners) + np.array([letter * height * 0.95, 0]))
        lines.append(
            np.array([[0.1, 0], [0.1 + rng.uniform(0, 0.3), -1]]) * height
            + [letter * height * 0.95, 0]
        )
    return lines


def smooth(corners: Floats) -> Floats:
    """Bend a line through its corners (Chaikin's cutting, twice)."""
    for _time in range(3):
        a, b = corners[:-1], corners[1:]
        cut = np.stack([a * 0.75 + b * 0.25, a * 0.25 + b * 0.75], 1).reshape(-1, 2)
        corners = np.concatenate([corners[:1], cut, corners[-1:]])
    return corners


def _wander(rng: Generator, count: int, low: float, high: float) -> Floats:
    knots = rng.uniform(low, high, max(3, count // 12))
    return np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(knots)), knots)


def _placed(rng: Generator, lines: list[Floats], box: Rect, *, crossing: bool) -> list[Floats]:
    """Move a signature into its box, or across the line below it; shrink one that is too wide."""
    every = np.concatenate(lines)
    low, high = every.min(0), every.max(0)
    scale = min(1.0, (box.width - 4) / (high[0] - low[0]), (box.height - 2) / (high[1] - low[1]))
    size = (high - low) * scale
    left = box.left + rng.uniform(1, max(1.1, box.width - size[0] - 1))
    above = -rng.uniform(0.6, max(0.7, box.height - size[1] - 1))
    sunk = rng.uniform(0.15, 0.6) * size[1] if crossing else above
    top = box.top + box.height + sunk - size[1]
    return [(each - low) * scale + [left, top] for each in lines]

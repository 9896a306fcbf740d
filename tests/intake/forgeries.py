"""Changing what a printed page says: words whited out, exchanged, struck out, bent, added."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from registration.documents.zones import Rect
from tests.intake import pens
from tests.intake.pens import Pen, Stroke
from tests.intake.scanner import WORK, Mark, ink, printed

_MM = WORK / 25.4
_FONT = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"


def words(pdf: bytes, number: int) -> list[Rect]:
    """Return the places of words of four letters and more, by their dark pixels."""
    page = printed(pdf, number)
    dark = page < 140
    lines = _spans(dark[300:3150].any(1), 2, 300)
    found = []
    for top, bottom in lines:
        if 18 <= bottom - top <= 70:
            columns = dark[top:bottom, 200:2280].any(0)
            spans = [each for each in _spans(columns, 9, 200) if 60 <= each[1] - each[0] <= 420]
            found += [
                Rect(a / _MM, top / _MM, (b - a) / _MM, (bottom - top) / _MM) for a, b in spans
            ]
    return found


def _spans(has: np.ndarray, gap: int, start: int) -> list[tuple[int, int]]:
    at = np.flatnonzero(has)
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > gap)
    starts, ends = np.r_[at[0], at[cuts + 1]], np.r_[at[cuts], at[-1]]
    return [(int(a) + start, int(b) + 1 + start) for a, b in zip(starts, ends, strict=True)]


def white(word: Rect, spill: float = 0.4) -> Mark:
    """Paint over with correction fluid: whiter than paper, sharp-edged."""
    size = (int((word.height + 2 * spill) * _MM), int((word.width + 2 * spill) * _MM))
    at = (int((word.left - spill) * _MM), int((word.top - spill) * _MM))
    return Mark(at, np.ones(size), (-0.03, -0.03, -0.03), covers=True)


def typed(rng: Generator, word: Rect) -> Mark:
    """Print other letters of the same height into a word's place."""
    letters = "".join(rng.choice(list("абвгдежзиклмнопрстуф1234567890"), 14))
    font = ImageFont.truetype(_FONT, round(word.height * _MM * 1.15))
    canvas = Image.new("L", (int(word.width * _MM), int(word.height * _MM * 1.5)))
    ImageDraw.Draw(canvas).text((0, -0.2 * word.height * _MM), letters, fill=255, font=font)
    at = (int(word.left * _MM), int(word.top * _MM))
    return Mark(at, np.asarray(canvas) / 255.0, (0.9, 0.9, 0.9))


def alter(rng: Generator, pdf: bytes, number: int) -> tuple[str, Rect, list[Mark]]:
    """Alter one word of a page; return how, where, and the marks that do it."""
    every = words(pdf, number)
    word = every[int(rng.integers(0, len(every)))]
    ways: dict[str, Callable[[], list[Mark]]] = {
        "whited": lambda: [white(word)],
        "exchanged": lambda: [_paper(word), typed(rng, word)],
        "struck": lambda: _struck(rng, word),
        "bent": lambda: _bent(rng, word),
        "added": lambda: _added(rng, word),
    }
    how = list(ways)[int(rng.integers(0, len(ways)))]
    return how, word, ways[how]()


def _paper(word: Rect) -> Mark:
    return white(word, 0.2)


def _tool(rng: Generator) -> Pen:
    return Pen(
        rng.uniform(0.25, 0.7),
        rng.uniform(0.45, 0.9),
        pens.BLUE if rng.random() < 0.5 else pens.BLACK,
    )


def _struck(rng: Generator, word: Rect) -> list[Mark]:
    at = np.linspace(-0.5, word.width + 0.5, 20)
    y = word.top + word.height * rng.uniform(0.35, 0.65) + 0.15 * np.sin(at / 3)
    return ink(rng, [Stroke(np.stack([word.left + at, y], 1), _tool(rng))])


def _bent(rng: Generator, word: Rect) -> list[Mark]:
    """Write one other letter or digit upon one that is printed."""
    left = word.left + rng.uniform(0, max(0.1, word.width - 2))
    corners = rng.uniform([0, -0.2], [1.8, 1.2], (5, 2)) * [1, word.height] + [left, word.top]
    return ink(rng, [Stroke(pens.smooth(corners), _tool(rng))])


def _added(rng: Generator, word: Rect) -> list[Mark]:
    """Squeeze a word in above the printed one."""
    lines = pens.word(rng, word.left, word.top - 0.2, int(rng.integers(3, 6)), 2.2)
    tool = _tool(rng)
    return ink(rng, [Stroke(each, tool) for each in lines])

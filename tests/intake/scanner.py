"""A synthetic printer and scanner: born page + ink + dirt → picture, by a written law.

Print: scale ±1 %, each axis ±0.3 % more, toner not quite black. Feed: skew, shift, uneven speed.
Light: paper tint, a slow gradient, show-through. Sensor: blur, noise, then gray, colour or bilevel.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Self

import cv2
import numpy as np
import pypdfium2
from numpy.random import Generator
from PIL import Image

from registration.intake.pictures import Floats, Picture
from tests.intake.pens import Stroke

WORK = 300  # dots per inch of the paper before it is scanned
_MM = WORK / 25.4
A4 = (2480, 3508)


@dataclass(frozen=True)
class Scanner:
    """How a page is scanned."""

    dpi: int = 300
    mode: str = "gray"  # "gray" | "colour" | "bilevel"
    skew: float = 1.5  # degrees, most
    shift: float = 3.0  # mm, most
    feed: float = 0.15  # mm, most, that uneven speed moves a line
    noise: float = 3.0  # gray levels
    blur: float = 0.5  # pixels
    quality: int = 75  # of JPEG
    upside_down: float = 0.15  # share of pages


@dataclass(frozen=True)
class Mark:
    """Something on the paper: a mask over a part of the page, and how it takes light.

    `covers` is paint or another sheet: first it hides what is below it.
    """

    at: tuple[int, int]  # x, y in work pixels
    mask: Floats  # 0-1
    absorbs: tuple[float, float, float]
    covers: bool = False


@dataclass(frozen=True)
class Sheet:
    """A printed page and what came onto it."""

    pdf: bytes
    number: int
    marks: tuple[Mark, ...] = field(default=())


@dataclass(frozen=True)
class Feed:
    """How a sheet went: `matrix` from work pixels to the scan's, then `sway` sin(`beat` y)."""

    matrix: Floats
    ratio: float
    sway: float
    beat: float
    upside_down: bool

    @classmethod
    def of(cls, rng: Generator, scanner: Scanner) -> Self:
        ratio = scanner.dpi / WORK
        angle = np.radians(rng.uniform(-scanner.skew, scanner.skew))
        scale = (1 + rng.uniform(-0.01, 0.01)) * (1 + rng.uniform(-0.003, 0.003, 2)) * ratio
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
        middle = np.array(A4) / 2
        shift = (middle + rng.uniform(-scanner.shift, scanner.shift, 2) * _MM) * ratio
        matrix = np.concatenate([turn, (shift - turn @ middle)[:, None]], 1)
        sway = rng.uniform(0, scanner.feed) * _MM * ratio
        beat = 2 * np.pi / (A4[1] * ratio * rng.uniform(0.3, 1.2))
        return cls(matrix, ratio, sway, beat, bool(rng.random() < scanner.upside_down))

    @property
    def size(self) -> tuple[int, int]:
        return round(A4[0] * self.ratio), round(A4[1] * self.ratio)

    def drawn(self, paper: Floats) -> Floats:
        if self.ratio < 1:
            paper = cv2.GaussianBlur(paper, (0, 0), 0.45 / self.ratio)
        back = cv2.invertAffineTransform(self.matrix).astype(np.float32)
        x = np.arange(self.size[0], dtype=np.float32)[None, :]
        y = np.arange(self.size[1], dtype=np.float32)[:, None]
        y = y + np.float32(self.sway) * np.sin(y * np.float32(self.beat))
        at = [row[0] * x + (row[1] * y + row[2]) for row in back]
        return cv2.remap(
            paper, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(1, 1, 1)
        )

    def scanned(self, points: Floats) -> Floats:
        """Return where points (n, 2) of the page, in mm, lie in the picture, in pixels."""
        at = (points * _MM - 0.5) @ self.matrix[:, :2].T + self.matrix[:, 2]
        y = at[:, 1].copy()
        for _time in range(5):
            y = at[:, 1] - self.sway * np.sin(self.beat * y)
        at[:, 1] = y
        return np.array(self.size) - at - 0.5 if self.upside_down else at + 0.5


@lru_cache(maxsize=24)
def printed(pdf: bytes, number: int) -> Picture:
    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[number - 1].render(scale=WORK / 72, grayscale=True)
        return bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy()
    finally:
        document.close()


def ink(rng: Generator, strokes: Sequence[Stroke]) -> list[Mark]:
    return [_ink(rng, stroke) for stroke in strokes]


def _ink(rng: Generator, stroke: Stroke) -> Mark:
    """Draw at four times the resolution: widths are no whole pixels; pressure comes and goes."""
    pad = 1.0
    low = stroke.points.min(0) - pad
    size = np.ceil((stroke.points.max(0) + pad - low) * _MM).astype(int)
    fine = np.zeros((size[1] * 4, size[0] * 4), np.uint8)
    points = (stroke.points - low) * _MM * 4
    widths = stroke.pen.width * _MM * 4 * _pressure(rng, len(points))
    for start, end, width in zip(points[:-1], points[1:], widths[1:], strict=True):
        ends = [tuple(int(v) for v in np.round(each)) for each in (start, end)]
        cv2.line(fine, ends[0], ends[1], 255, max(1, round(float(width))), cv2.LINE_8)
    mask = cv2.resize(fine, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA) / 255.0
    if stroke.pen.grain:
        mask = mask * _tooth(rng, mask.shape, stroke.pen.grain)
    absorbs = tuple(min(0.97, stroke.pen.contrast * each) for each in stroke.pen.colour)
    at = np.round(low * _MM).astype(int)
    return Mark((int(at[0]), int(at[1])), mask, absorbs)


def _pressure(rng: Generator, count: int) -> Floats:
    knots = rng.uniform(0.8, 1.2, max(3, count // 8))
    return np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(knots)), knots)


def _tooth(rng: Generator, shape: tuple[int, ...], share: float) -> Floats:
    noise = cv2.GaussianBlur(rng.random(shape).astype(np.float32), (0, 0), 0.9)
    return np.where(noise < np.quantile(noise, share), 0.15, 1.0)


def scan(rng: Generator, sheet: Sheet, scanner: Scanner) -> Picture:
    """Return the picture: (height, width), or (height, width, 3) in RGB."""
    return measured(rng, sheet, scanner)[0]


def measured(rng: Generator, sheet: Sheet, scanner: Scanner) -> tuple[Picture, Feed]:
    """Return the picture, and where the page's points went in it."""
    feed = Feed.of(rng, scanner)
    paper = _paper(rng, sheet, colour=scanner.mode == "colour")
    sensed = _sensed(rng, _lit(rng, feed.drawn(paper)), scanner)
    if feed.upside_down:
        sensed = np.ascontiguousarray(sensed[::-1, ::-1])
    return (_bilevel(sensed) if scanner.mode == "bilevel" else sensed), feed


def _paper(rng: Generator, sheet: Sheet, *, colour: bool) -> Floats:
    black = rng.uniform(0.05, 0.2)
    base = printed(sheet.pdf, sheet.number).astype(np.float32) / 255 * (1 - black) + black
    paper = cv2.merge([base, base, base]) if colour else base
    for mark in sheet.marks:
        _lay(paper, mark)
    return paper


def _lay(paper: Floats, mark: Mark) -> None:
    """Let a mark take its share of the light that the paper throws back."""
    x, y = mark.at
    top, left = max(0, y), max(0, x)
    part = paper[top : y + mark.mask.shape[0], left : x + mark.mask.shape[1]]
    if not part.size:
        return
    mask = mark.mask[top - y : top - y + part.shape[0], left - x : left - x + part.shape[1]]
    if mark.covers:
        part[mask > 0.5] = 1.0
    if paper.ndim == 3:
        part *= 1 - mask[:, :, None] * np.array(mark.absorbs, np.float32)
    else:
        part *= 1 - mask.astype(np.float32) * _luminance(mark.absorbs)


def _luminance(absorbs: tuple[float, float, float]) -> np.float32:
    return np.float32(np.dot(absorbs, (0.299, 0.587, 0.114)))


def _lit(rng: Generator, paper: Floats) -> Floats:
    height, width = paper.shape[:2]
    light = rng.uniform(0.86, 0.99)
    across = np.linspace(0, rng.uniform(-0.06, 0.06), width, dtype=np.float32)
    down = np.linspace(0, rng.uniform(-0.04, 0.04), height, dtype=np.float32)
    field_ = np.float32(light) + across[None, :] + down[:, None]
    if paper.ndim == 3:
        tint = np.array([1, rng.uniform(0.97, 1), rng.uniform(0.93, 1)], np.float32)
        for at, share in enumerate(tint):
            paper[:, :, at] *= field_ * share
        return paper
    paper *= field_
    return paper


def _sensed(rng: Generator, paper: Floats, scanner: Scanner) -> Picture:
    picture = cv2.GaussianBlur(paper, (0, 0), rng.uniform(0.3, 0.3 + scanner.blur))
    picture *= 255
    picture += _noise(rng, picture.shape) * np.float32(scanner.noise)
    return cv2.convertScaleAbs(np.maximum(picture, 0, out=picture))


@lru_cache(maxsize=1)
def _grain() -> Floats:
    """Noise of the sensor and the finer texture of paper: made once, cut anew each time."""
    rng = np.random.default_rng(1)
    sensor = rng.normal(0, 0.8, (2048, 2048)).astype(np.float32)
    fibres = cv2.GaussianBlur(rng.normal(0, 1, (2048, 2048)).astype(np.float32), (0, 0), 1.5)
    return sensor + fibres / fibres.std() * np.float32(0.6)


def _noise(rng: Generator, shape: tuple[int, ...]) -> Floats:
    grain = np.roll(_grain(), rng.integers(0, 2048, 2), (0, 1))
    times = (shape[0] // 2048 + 1, shape[1] // 2048 + 1)
    noise = np.tile(grain, times)[: shape[0], : shape[1]]
    return noise if len(shape) == 2 else noise[:, :, None]


def _bilevel(picture: Picture) -> Picture:
    """Threshold as document scanners do: against the neighbourhood, so that faint lines stay."""
    near = cv2.blur(picture, (41, 41))
    return np.where(picture > near.astype(np.float32) * 0.86, 255, 0).astype(np.uint8)


def jpeg(picture: Picture, dpi: int, quality: int = 75) -> bytes:
    out = BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality, dpi=(dpi, dpi))
    return out.getvalue()


def laid(sheet: Sheet) -> Floats:
    """Return a sheet with what came onto it, not scanned: (height, width), 0 to 1, at WORK."""
    paper = printed(sheet.pdf, sheet.number).astype(np.float32) / 255 * np.float32(0.9) + 0.1
    for mark in sheet.marks:
        _lay(paper, mark)
    return paper


def at(paper: Floats, dpi: int) -> Picture:
    """Return it as a perfect scanner would see it."""
    size = (round(210.058 / 25.4 * dpi), round(297.053 / 25.4 * dpi))  # A4 in whole points
    seen = cv2.resize(paper, size, interpolation=cv2.INTER_AREA)
    return np.clip(seen * 240 + _noise(np.random.default_rng(1), seen.shape) * 2, 0, 255).astype(
        np.uint8
    )

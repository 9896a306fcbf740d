"""What else comes onto paper: stamps, coffee, folds, holes, scribbles; hits aimed at a code."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from registration.documents.zones import Rect
from registration.intake.pictures import Floats
from tests.intake import pens
from tests.intake.pens import BLUE, RED, Pen, Stroke
from tests.intake.scanner import A4, WORK, Mark, ink

_MM = WORK / 25.4
_WORDS = "REPUBLIKA SRBIJA * MINISTARSTVO UNUTRASNJIH POSLOVA * BEOGRAD *"


def stamp(rng: Generator, x: float, y: float) -> list[Mark]:
    """Stamp round its middle (mm): two rims, words along them, a device; 28-38 mm, uneven ink."""
    size = rng.uniform(28, 38)
    side = int((size + 4) * _MM)
    fine = np.zeros((side * 2, side * 2), np.uint8)
    middle, radius = side, int(size / 2 * _MM * 2)
    for share, width in ((1.0, 0.5), (0.93, 0.2), (0.62, 0.25)):
        thick = max(1, round(width * _MM * 2))
        cv2.circle(fine, (middle, middle), int(radius * share), 255, thick, cv2.LINE_AA)
    _words_round(fine, middle, radius * 0.78)
    _device(rng, fine, middle, radius * 0.4)
    turned = cv2.warpAffine(
        fine, cv2.getRotationMatrix2D((middle, middle), rng.uniform(-25, 25), 1), fine.shape[::-1]
    )
    mask = cv2.resize(turned, (side, side), interpolation=cv2.INTER_AREA) / 255.0
    mask = mask * _patchy(rng, mask.shape)
    colour = BLUE if rng.random() < 0.8 else RED
    absorbs = tuple(min(0.97, rng.uniform(0.4, 0.8) * each) for each in colour)
    return [Mark((int(x * _MM) - side // 2, int(y * _MM) - side // 2), mask, absorbs)]


def _words_round(fine: np.ndarray, middle: int, radius: float) -> None:
    for at, letter in enumerate(_WORDS):
        angle = 2 * np.pi * at / len(_WORDS)
        tile = np.zeros((60, 60), np.uint8)
        cv2.putText(tile, letter, (12, 48), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 255, 4, cv2.LINE_AA)
        turn = cv2.getRotationMatrix2D((30, 30), -np.degrees(angle) - 90, 1)
        tile = cv2.warpAffine(tile, turn, (60, 60))
        x, y = (int(middle + radius * each) - 30 for each in (np.cos(angle), np.sin(angle)))
        part = fine[y : y + 60, x : x + 60]
        np.maximum(part, tile[: part.shape[0], : part.shape[1]], out=part)


def _device(rng: Generator, fine: np.ndarray, middle: int, radius: float) -> None:
    """Draw something like a coat of arms: an outline and lines within."""
    at = np.linspace(0, 2 * np.pi, 30)
    rough = radius * (0.75 + 0.25 * np.sin(at * rng.integers(3, 7)))
    points = np.stack([middle + rough * np.cos(at), middle + rough * np.sin(at)], 1).astype(int)
    cv2.polylines(fine, [points], isClosed=True, color=255, thickness=6, lineType=cv2.LINE_AA)
    for _line in range(4):
        ends = (middle + rng.uniform(-0.5, 0.5, (2, 2)) * radius).astype(int)
        cv2.line(fine, ends[0].tolist(), ends[1].tolist(), 255, 6, cv2.LINE_AA)


def _patchy(rng: Generator, shape: tuple[int, ...]) -> Floats:
    rough = cv2.resize(rng.random((9, 9)), shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.clip(0.55 + 0.7 * rough, 0.3, 1)


def coffee(rng: Generator, x: float, y: float) -> list[Mark]:
    """Set a wet cup down: a ring of 30-45 mm radius, darker at its edges, not closed."""
    radius, width = rng.uniform(30, 45), rng.uniform(1.5, 4)
    side = int((radius + width) * 2 * _MM)
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32)
    away = np.hypot(columns - side / 2, rows - side / 2) / _MM - radius
    ring = np.exp(-((away / width) ** 4) * 8) * 0.5 + np.exp(-((away - width / 2.2) ** 2) / 0.05)
    angle = np.arctan2(rows - side / 2, columns - side / 2) + rng.uniform(0, 6)
    ring = ring * (0.35 + 0.65 * (np.sin(angle) > rng.uniform(-0.9, 0.3)))
    deep = rng.uniform(0.15, 0.4)
    at = (int(x * _MM) - side // 2, int(y * _MM) - side // 2)
    return [Mark(at, np.clip(ring, 0, 1), (deep * 0.6, deep, deep * 1.5))]


def fold(rng: Generator, y: float) -> list[Mark]:
    """Fold the sheet: a thin, faint, almost straight line from edge to edge."""
    at = np.linspace(-2, 212, 60)
    points = np.stack([at, y + 0.1 * np.sin(at / 30 + rng.uniform(0, 6))], 1)
    return ink(
        rng, [Stroke(points, Pen(rng.uniform(0.2, 0.5), rng.uniform(0.08, 0.3), pens.BLACK))]
    )


def specks(rng: Generator, box: Rect, count: int = 25) -> list[Mark]:
    """Scatter dust and toner: dots of 0.1-0.7 mm."""
    dots = []
    for _dot in range(count):
        x, y = box.left + rng.random() * box.width, box.top + rng.random() * box.height
        size = rng.uniform(0.1, 0.7)
        points = np.array([[x, y], [x + rng.uniform(0, 0.3), y + rng.uniform(0, 0.2)]])
        dots.append(Stroke(points, Pen(size, rng.uniform(0.2, 0.8), pens.BLACK)))
    return ink(rng, dots)


def holes(rng: Generator) -> list[Mark]:
    """Punch two holes of 5.5 mm into the left edge; the scanner's lid is dark behind them."""
    side = int(7 * _MM)
    mask = np.zeros((side, side), np.uint8)
    cv2.circle(mask, (side // 2, side // 2), int(2.75 * _MM), 255, -1, cv2.LINE_AA)
    deep = rng.uniform(0.3, 0.9)
    return [
        Mark((int(9 * _MM), int(y * _MM)), mask / 255.0, (deep, deep, deep)) for y in (105.0, 185.0)
    ]


def scribble(rng: Generator, box: Rect) -> list[Mark]:
    """Write over something, hard: 0.6-1.2 mm wide, black or blue, to and fro."""
    count = int(rng.integers(5, 9))
    corners = rng.uniform(0, 1, (count, 2)) * [box.width, box.height] + [box.left, box.top]
    tool = Pen(
        rng.uniform(0.6, 1.2),
        rng.uniform(0.6, 0.9),
        pens.BLUE if rng.random() < 0.5 else pens.BLACK,
    )
    return ink(rng, [Stroke(pens.smooth(corners), tool)])


def torn(rng: Generator, box: Rect) -> list[Mark]:
    """Tear a code's corner off: what lies behind is dark or white."""
    size = (int(box.height * _MM), int(box.width * _MM))
    deep = rng.choice([-0.05, rng.uniform(0.3, 0.8)])
    at = (int(box.left * _MM), int(box.top * _MM))
    return [Mark(at, np.ones(size), (deep, deep, deep), covers=True)]


def hit(rng: Generator, code: Rect) -> list[Mark]:
    """Hit a code hard enough that it can hardly be read."""
    x, y = code.left + code.width / 2, code.top + code.height / 2
    ways: list[Callable[[], list[Mark]]] = [
        lambda: scribble(rng, code),
        lambda: stamp(rng, x + rng.uniform(-8, 8), y + rng.uniform(-8, 8)),
        lambda: torn(rng, Rect(code.left, code.top, code.width * rng.uniform(0.4, 1), code.height)),
        lambda: coffee(rng, x + rng.uniform(20, 35), y) + scribble(rng, code),
    ]
    return ways[int(rng.integers(0, len(ways)))]()


def show_through(mark: np.ndarray, deep: float) -> list[Mark]:
    """Let a printed page (300 dpi, gray) shine through to its back: mirrored, soft and faint."""
    soft = cv2.GaussianBlur(mark[:, ::-1], (0, 0), 3)
    return [Mark((0, 0), 1 - soft[: A4[1], : A4[0]] / 255.0, (deep, deep, deep))]

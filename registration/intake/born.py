"""A page as it was printed, and what is measured on it: its pixels and where its codes lie."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from registration.documents.zones import Rect, Zone
from registration.intake import pictures, rasters, symbols
from registration.intake.pictures import Picture
from registration.intake.symbols import Symbol

DPI = 200
"""Dots per inch of all work on a page that has found its place."""

PER_MM = DPI / 25.4
_MARGIN = 3.0  # mm that a code's zone may lie beside its symbol


@dataclass(frozen=True)
class BornPage:
    """`pdf` is the copy as printed, `number` the page in it from 1, `zones` those of this page."""

    pdf: bytes
    number: int
    zones: tuple[Zone, ...]

    def zones_of(self, kind: str) -> list[Zone]:
        return [zone for zone in self.zones if zone.kind == kind]


@lru_cache(maxsize=1)
def pixels(page: BornPage) -> Picture:
    """Return the page in gray at DPI; not to be written to."""
    picture = rasters.gray(page.pdf, page.number, DPI)
    picture.flags.writeable = False
    return picture


@lru_cache(maxsize=4)
def at(page: BornPage, dpi: int) -> Picture:
    """Return the page in gray at a lower resolution."""
    full = pixels(page)
    ratio = dpi / DPI
    return pictures.resized(full, round(full.shape[1] * ratio), round(full.shape[0] * ratio))


@lru_cache(maxsize=1)
def codes(page: BornPage) -> tuple[Symbol, ...]:
    """Return the printed codes, corners in mm: read as a scan's are, so that faults cancel."""
    picture = pixels(page)
    found = [each for zone in page.zones_of("code") for each in _in(picture, zone.rect)]
    if not found:
        found = symbols.read(picture, thorough=True)
    return tuple(each.moved(1 / PER_MM) for each in found)


def size(page: BornPage) -> tuple[float, float]:
    """Return width and height in mm."""
    high, wide = pixels(page).shape
    return wide / PER_MM, high / PER_MM


def _in(picture: Picture, rect: Rect) -> Iterable[Symbol]:
    left, top, right, bottom = box(rect, _MARGIN, picture)
    part = picture[top:bottom, left:right]
    return (each.moved(1, left, top) for each in symbols.read(part))


def box(rect: Rect, margin: float, picture: NDArray[Any]) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom in pixels at DPI, with a margin in mm, inside a picture."""
    left, top = (max(0, round((each - margin) * PER_MM)) for each in (rect.left, rect.top))
    right = round((rect.left + rect.width + margin) * PER_MM)
    bottom = round((rect.top + rect.height + margin) * PER_MM)
    return left, top, min(right, picture.shape[1]), min(bottom, picture.shape[0])

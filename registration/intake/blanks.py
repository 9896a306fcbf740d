"""Whether anything was written or printed on a page: the empty backs of a duplex scan."""

import numpy as np

from registration.intake import pictures
from registration.intake.pictures import Blob, Floats, Picture

_DPI = 75  # at which a page of A4 is looked at
_A4 = 210  # mm
_BORDER = 0.035  # of the page: the shadows of its edges
_TAKES = 0.14  # of the paper's light: what shines through from the other side takes less
_SPECK = 5  # pixels: dust
_WRITTEN = 40  # pixels of marks, some 4 square millimetres, that make a page written on
_HOLE = 9, 30  # pixels across that a punched hole has
_ROUND = 0.6  # of its box that a hole fills


def is_blank(page: Picture) -> bool:
    """Tell whether a page has nothing on it but dust, shadows, holes and what shines through."""
    marks = _taken(_small(page)) > _TAKES
    _labels, found = pictures.blobs(marks)
    return sum(each.area for each in found if _is_mark(each)) < _WRITTEN


def _small(page: Picture) -> Picture:
    high, wide = page.shape
    border = round(min(high, wide) * _BORDER)
    inner = page[border : high - border, border : wide - border]
    ratio = _A4 / 25.4 * _DPI / min(high, wide)
    return pictures.resized(inner, round(inner.shape[1] * ratio), round(inner.shape[0] * ratio))


def _taken(page: Picture) -> Floats:
    """Return which share of the light that the paper about throws back each pixel takes."""
    paper = pictures.blurred(pictures.closed(page, 8), 6)
    shares: Floats = 1 - page / np.maximum(paper, 1).astype(np.float32)
    return shares


def _is_mark(blob: Blob) -> bool:
    if blob.area < _SPECK:
        return False
    small, large = _HOLE
    round_ = blob.area >= _ROUND * blob.width * blob.height
    hole = round_ and all(small <= each <= large for each in (blob.width, blob.height))
    return not hole

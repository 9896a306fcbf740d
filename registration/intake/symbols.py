"""QR symbols in a picture; the only module that knows zxing-cpp."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import zxingcpp

from registration.intake.pictures import Floats, Picture

_QR = zxingcpp.BarcodeFormat.QRCode


@dataclass(frozen=True)
class Symbol:
    """`corners` are four (x, y): the symbol's own upper left, upper right, lower right, lower left."""

    text: str
    corners: tuple[tuple[float, float], ...]

    @property
    def points(self) -> Floats:
        return np.array(self.corners, np.float64)

    def moved(self, scale: float, left: float = 0, top: float = 0) -> Self:
        """Return the symbol as it lies in a larger picture."""
        points = ((x + left, y + top) for x, y in self.corners)
        return type(self)(self.text, tuple((x * scale, y * scale) for x, y in points))


def read(picture: Picture, *, thorough: bool = False) -> list[Symbol]:
    """Return the symbols that can be read; those seen from behind, through the paper, are not."""
    found = zxingcpp.read_barcodes(
        picture,
        formats=_QR,
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=False,
    )
    read_ = [(each, Symbol(each.text, _corners(each.position))) for each in found]
    return [symbol for each, symbol in read_ if not _mirrored(each, symbol, picture)]


def _corners(position: zxingcpp.Position) -> tuple[tuple[float, float], ...]:
    ordered = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((float(each.x), float(each.y)) for each in ordered)


def _mirrored(barcode: zxingcpp.Barcode, symbol: Symbol, picture: Picture) -> bool:
    """Tell whether the picture shows the symbol's modules with rows and columns exchanged.

    The reader takes both and does not say which it took.
    """
    modules = np.asarray(barcode.to_image(scale=1, add_quiet_zones=False), np.float64)
    seen = _sampled(picture, symbol, len(modules)).astype(np.float64)
    seen -= seen.mean()
    return bool(np.sum(seen * modules.T) > np.sum(seen * modules))


def _sampled(picture: Picture, symbol: Symbol, size: int) -> Picture:
    """Return the pixel in the middle of each module."""
    middle = (np.arange(size) + 0.5) / size
    x, y = middle[None, :, None], middle[:, None, None]
    left_top, right_top, right_bottom, left_bottom = symbol.points
    above = left_top + x * (right_top - left_top)
    below = left_bottom + x * (right_bottom - left_bottom)
    at = np.rint(above + y * (below - above)).astype(int)
    high, wide = picture.shape
    return picture[at[:, :, 1].clip(0, high - 1), at[:, :, 0].clip(0, wide - 1)]

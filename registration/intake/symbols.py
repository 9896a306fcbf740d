"""QR symbols in a picture; the only module that knows zxing-cpp."""

from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np
import zxingcpp

from registration.intake.pictures import Floats, Picture

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

_DARK = 128
_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}
_GENERATOR, _FORMAT_MASK = 0b10100110111, 0b101010000010010
_PLACES = (
    np.array([8] * 8 + [7, 5, 4, 3, 2, 1, 0]),  # rows
    np.array([0, 1, 2, 3, 4, 5, 7] + [8] * 8),  # columns
)


@dataclass(frozen=True)
class Symbol:
    """`corners` are four (x, y): its own upper left, upper right, lower right, lower left."""

    text: str
    corners: tuple[tuple[float, float], ...]

    @property
    def points(self) -> Floats:
        return np.array(self.corners, np.float64)

    @property
    def turn(self) -> int:
        """Return by how many degrees, clockwise, the picture must be turned to stand upright."""
        across = self.points[1] - self.points[0]
        return -round(float(np.degrees(np.arctan2(across[1], across[0]))) / 90) * 90 % 360

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
    seen = [each for each in found if not _mirrored(each)]
    return [Symbol(each.text, _corners(each.position)) for each in seen]


def _corners(position: zxingcpp.Position) -> tuple[tuple[float, float], ...]:
    ordered = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((float(each.x), float(each.y)) for each in ordered)


def _mirrored(barcode: zxingcpp.Barcode) -> bool:
    """Tell whether a symbol was seen with its rows and columns exchanged.

    The reader takes both and does not say which it took. The modules that it saw do: the format
    information of ISO/IEC 18004, 7.9, along the upper left finder stands in them, or lies.
    """
    modules = np.asarray(barcode.to_image(scale=1, add_quiet_zones=False)) < _DARK
    facts = cast("dict[str, Any]", barcode.extra)
    level, mask = _LEVELS[facts["ECLevel"]], int(facts["DataMask"])
    wanted = np.array([int(bit) for bit in f"{_format(level << 3 | mask):015b}"], np.bool_)
    return bool((modules.T[_PLACES] == wanted).sum() > (modules[_PLACES] == wanted).sum())


def _format(data: int) -> int:
    """Return the fifteen bits of five: BCH (15, 5), then the mask that keeps them from being 0."""
    rest = data << 10
    for shift in range(4, -1, -1):
        if rest >> shift + 10 & 1:
            rest ^= _GENERATOR << shift
    return (data << 10 | rest) ^ _FORMAT_MASK

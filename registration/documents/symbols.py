"""Page codes as QR symbols: version 3, level H, 29 by 29 modules (ISO/IEC 18004)."""

from functools import cache
from typing import Any

import zxingcpp

MODULES = 29
_PIECE = 6  # modules of a row that are looked up at once
_FORM = "version=3,dataMask=2"  # any mask reads well; to look for the best takes 4 times as long
_PLACES = [
    (at, at % MODULES, MODULES - 1 - at // MODULES, min(_PIECE, MODULES - at % MODULES))
    for row in range(MODULES)
    for at in range(row * MODULES, (row + 1) * MODULES, _PIECE)
]


def path(text: str) -> bytes:
    """Return the dark modules as one PDF path, in modules from the bottom left corner."""
    pixels = _pixels(text)
    return b"".join(
        [_runs(left, bottom, pixels[at : at + size]) for at, left, bottom, size in _PLACES]
    )


def _pixels(text: str) -> bytes:
    """Return a byte a module, row by row from the top; a dark one is 0."""
    barcode = zxingcpp.create_barcode(
        text, zxingcpp.BarcodeFormat.QRCode, ec_level="H", options=_FORM
    )
    image: Any = barcode.to_image(scale=1, add_quiet_zones=False)  # a buffer, though untold
    pixels = bytes(memoryview(image))
    if len(pixels) != MODULES * MODULES:
        raise ValueError(f"{text!r} is no page code: it takes another version of the symbol")
    return pixels


@cache  # 9,280 at most
def _runs(left: int, bottom: int, pixels: bytes) -> bytes:
    """Return a rectangle for each run of dark modules among six of a row."""
    rectangles, at = [], 0
    while (start := pixels.find(b"\x00", at)) >= 0:
        end = pixels.find(b"\xff", start)
        at = end if end >= 0 else len(pixels)
        rectangles.append(b"%d %d %d 1 re\n" % (left + start, bottom, at - start))
    return b"".join(rectangles)

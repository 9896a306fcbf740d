"""The upper part of a JPEG, decoded without the rest: a fifth of the work.

A decoder stops after as many rows as the frame's head tells; so the head is told fewer. That holds
for sequential JPEG (ITU-T T.81, SOF0 and SOF1), which scanners write.
"""

from io import BytesIO

import numpy as np
from PIL import Image

from registration.intake.pictures import Picture

_SEQUENTIAL = frozenset({0xC0, 0xC1})
_OTHER_FRAMES = frozenset(range(0xC2, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARK = 0xFF
_ROWS = 16  # of the largest block


def top(jpeg: bytes, share: float, shrink: int) -> Picture | None:
    """Return a share of the rows in gray, at 1/`shrink` of the size; None for another coding."""
    frame = _frame(jpeg)
    if frame is None:
        return None
    height = int.from_bytes(jpeg[frame + 5 : frame + 7], "big")
    rows = min(height, max(_ROWS, int(height * share) // _ROWS * _ROWS))
    told = jpeg[: frame + 5] + rows.to_bytes(2, "big") + jpeg[frame + 7 :]
    try:
        with Image.open(BytesIO(told), formats=["JPEG"]) as image:
            image.draft("L", (image.width // shrink, image.height // shrink))
            return np.asarray(image) if image.mode == "L" else None
    except (OSError, SyntaxError, ValueError):
        return None  # the whole picture tells what is wrong


def _frame(jpeg: bytes) -> int | None:
    """Return where the head of a sequential frame stands."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == _MARK:
        if jpeg[at + 1] in _SEQUENTIAL:
            return at
        if jpeg[at + 1] in _OTHER_FRAMES:
            return None
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return None

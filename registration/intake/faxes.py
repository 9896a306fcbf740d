"""CCITT group 4 as it lies in a PDF, put into a TIFF of one strip: the coded bits stay the same."""

import struct
from typing import Any

import pikepdf

from registration.intake.scans import Original

_SHORT, _LONG = 3, 4  # types of TIFF 6.0
_GROUP4 = 4


def wrapped(stream: Any) -> Original | None:
    """Return a PDF's picture as TIFF; None where its coding is not plain group 4."""
    facts = stream.get("/DecodeParms", {})
    facts = facts[0] if isinstance(facts, pikepdf.Array) else facts
    width, height = int(stream.Width), int(stream.Height)
    plain = int(facts.get("/K", 0)) < 0 and not facts.get("/EncodedByteAlign", False)
    if not plain or int(facts.get("/Columns", 1728)) != width:
        return None
    strip = bytes(stream.read_raw_bytes())
    return Original("image/tiff", _head(width, height, strip, bool(facts.get("/BlackIs1", False))))


def _head(width: int, height: int, strip: bytes, black_is_one: bool) -> bytes:  # noqa: FBT001
    """Return the TIFF: head, directory, strip. What a PDF's 0 shows, a TIFF calls photometric."""
    entries = (
        (256, _LONG, width),
        (257, _LONG, height),
        (258, _SHORT, 1),
        (259, _SHORT, _GROUP4),
        (262, _SHORT, int(black_is_one)),
        (273, _LONG, 8 + 2 + 9 * 12 + 4),
        (277, _SHORT, 1),
        (278, _LONG, height),
        (279, _LONG, len(strip)),
    )
    packed = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + packed + bytes(4) + strip

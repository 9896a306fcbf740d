"""Pictures into a PDF as they are: JPEG untouched, two tones as CCITT, others as in a PNG."""

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image

from registration.intake import imagestacks
from registration.intake.scans import Original

_OFFSETS, _COUNTS, _PHOTOMETRIC = 273, 279, 262
_SPACES = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}


def picture(document: pikepdf.Pdf, original: Original) -> pikepdf.Stream:
    """Return a picture as an image of `document`, without a change of its pixels."""
    with Image.open(BytesIO(original.data)) as image:
        if original.media == "image/jpeg" and image.mode in _SPACES:
            return _stream(document, original.data, image, Filter=Name.DCTDecode)
        if original.media == "image/tiff" and image.mode == "1":
            return _fax(document, original.data, image)
        packed = original if _is_plain(image) else _repacked(image)
    if packed.media == "image/tiff":
        return picture(document, packed)
    return _png(document, packed.data)


def _is_plain(image: Image.Image) -> bool:
    """Tell whether a PNG's data may go into a PDF as they are: 8 bits, no alpha, not interlaced."""
    plain = image.format == "PNG" and image.mode in _SPACES
    return plain and not image.info.get("interlace") and "transparency" not in image.info


def _repacked(image: Image.Image) -> Original:
    """Pack anew what PDF/A does not take: palettes, alpha, four inks."""
    image.load()
    return imagestacks.packed(image)


def _stream(
    document: pikepdf.Pdf, data: bytes, image: Image.Image, **coding: Any
) -> pikepdf.Stream:
    bits = 1 if image.mode == "1" else 8
    space = Name.DeviceGray if image.mode == "1" else _SPACES[image.mode]
    return pikepdf.Stream(
        document,
        data,
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.width,
            Height=image.height,
            BitsPerComponent=bits,
            ColorSpace=space,
            **coding,
        ),
    )


def _fax(document: pikepdf.Pdf, data: bytes, image: Any) -> pikepdf.Stream:
    """Take the one strip out of a TIFF that we packed."""
    tags = image.tag_v2
    start, length = tags[_OFFSETS][0], tags[_COUNTS][0]
    facts = Dictionary(
        K=-1,
        Columns=image.width,
        Rows=image.height,
        BlackIs1=bool(tags[_PHOTOMETRIC] == 1),
    )
    strip = data[start : start + length]
    return _stream(document, strip, image, Filter=Name.CCITTFaxDecode, DecodeParms=facts)


def _png(document: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    with Image.open(BytesIO(data)) as image:
        colours = 1 if image.mode == "L" else 3
        facts = Dictionary(Predictor=15, Colors=colours, BitsPerComponent=8, Columns=image.width)
        return _stream(document, _chunks(data), image, Filter=Name.FlateDecode, DecodeParms=facts)


def _chunks(png: bytes) -> bytes:
    """Join a PNG's pixel chunks: length, kind, data, checksum, after eight bytes of head."""
    at, found = 8, []
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            found.append(png[at + 8 : at + 8 + length])
        at += length + 12
    return b"".join(found)

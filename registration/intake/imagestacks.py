"""JPEG, PNG and TIFF files as stacks."""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Self

from PIL import Image, TiffImagePlugin

from registration.intake.errors import BrokenError, NoPictureError, TooLargeError
from registration.intake.scans import Limits, Original, ScannedPage

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF"}
_TURNS = {3: 180, 6: 90, 8: 270}  # Exif orientation → degrees clockwise
_ORIENTATION, _TABLES, _OFFSETS, _COUNTS, _PHOTOMETRIC = 274, 347, 273, 279, 262
_GRAY, _YCBCR = 1, 6
_PARTS = (273, 279), (324, 325)  # where strips, or tiles, begin and how long they are
JPEG_END = b"\xff\xd9"
_ENDS = {"image/jpeg": JPEG_END, "image/png": b"IEND\xaeB`\x82"}
_LONG = 12  # times as long as wide: a strip, no page; to work on it as on A4 would take any memory
_TAIL = 4096  # bytes that may stand after the end
FAULTS = (OSError, ValueError, SyntaxError, EOFError, struct.error, LookupError, TypeError)
"""What Pillow raises for bytes that are not what they say."""


class ImageStack:
    """A file that Pillow reads; only TIFF has more than one page."""

    def __init__(self, path: Path, image: Image.Image, media: str, limits: Limits) -> None:
        self.media = media
        self._path, self._image, self._limits = path, image, limits
        self.count = _count(image, limits) if media == "image/tiff" else 1

    @classmethod
    @contextmanager
    def opened(cls, path: Path, media: str, limits: Limits) -> Iterator[Self]:
        """Open a file of this type; raise BrokenError."""
        with _faults("file"), bombs(limits):
            image = Image.open(path, formats=[_FORMATS[media]])
        with image:
            with _faults("file"), bombs(limits):
                stack = cls(path, image, media, limits)
            yield stack

    def page(self, number: int) -> ScannedPage:
        with _faults(f"page {number}"), bombs(self._limits):
            self._image.seek(number - 1)
            check(self._image.size, self._limits)
            original = self._original()
            width, height = self._image.size
            dpi, turn = _dpi(self._image), self._turn()
        return ScannedPage(number, original, original, width, height, dpi, turn)

    def _original(self) -> Original:
        if self.media == "image/tiff":
            return _tiff(self._image, self._path)
        if self._path.stat().st_size > self._limits.page_bytes:
            raise TooLargeError("page bytes", self._path.stat().st_size, self._limits.page_bytes)
        data = self._path.read_bytes()
        check_end(data, _ENDS[self.media])
        return Original(self.media, data)

    def _turn(self) -> int:
        if self.media == "image/png":  # to ask one for its Exif would unpack it
            return 0
        return _TURNS.get(int(self._image.getexif().get(_ORIENTATION, 1)), 0)


def _count(image: Image.Image, limits: Limits) -> int:
    """Count the pages of a TIFF, one after the other, to one more than the limit."""
    for number in range(limits.pages + 1):
        try:
            image.seek(number)
        except EOFError:
            return number
    return limits.pages + 1


def check(size: tuple[int, int], limits: Limits) -> None:
    """Refuse a picture of too many pixels, or one that is no page, before it is unpacked."""
    if size[0] * size[1] > limits.pixels:
        raise TooLargeError("pixels", size[0] * size[1], limits.pixels)
    if max(size) > _LONG * min(size):
        raise NoPictureError


def check_end(data: bytes, end: bytes = JPEG_END) -> None:
    """Refuse a picture that was cut off: decoders would fill the rest with gray."""
    if data.rfind(end, max(0, len(data) - _TAIL)) < 0:
        raise BrokenError("picture: cut off")


def packed(image: Image.Image) -> Original:
    """Pack pixels losslessly: two tones as TIFF with CCITT group 4, others as PNG."""
    out = BytesIO()
    if image.mode == "1":
        image.save(out, "TIFF", compression="group4", strip_size=1 << 30)
        return Original("image/tiff", out.getvalue())
    plain = image if image.mode in {"L", "RGB"} else image.convert(_plain_mode(image))
    plain.save(out, "PNG", compress_level=3)
    return Original("image/png", out.getvalue())


def _plain_mode(image: Image.Image) -> str:
    return "L" if image.mode in {"I", "I;16", "I;16B", "F", "LA", "La"} else "RGB"


def _check_parts(image: Image.Image, path: Path) -> None:
    """Refuse a page of a TIFF that was cut off; Pillow may have been told to forgive it."""
    tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
    size = path.stat().st_size
    for offsets, counts in _PARTS:
        parts = zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False)
        if any(start + length > size for start, length in parts):
            raise BrokenError("picture: cut off")


def _tiff(image: Image.Image, path: Path) -> Original:
    _check_parts(image, path)
    whole = _wrapped_jpeg(image, path)
    if whole:
        return Original("image/jpeg", whole)
    image.load()
    return packed(image)


def _wrapped_jpeg(image: Image.Image, path: Path) -> bytes:
    """Return the JPEG that lies in a TIFF's single strip, its tables put back; else nothing."""
    tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
    if image.info.get("compression") != "jpeg" or len(tags.get(_OFFSETS, ())) != 1:
        return b""
    if tags.get(_PHOTOMETRIC) not in {_GRAY, _YCBCR}:
        return b""
    with path.open("rb") as file:
        file.seek(tags[_OFFSETS][0])
        strip = file.read(tags[_COUNTS][0])
    check_end(strip)
    tables = tags.get(_TABLES, b"")
    return tables[:-2] + strip[2:] if tables else strip


def _dpi(image: Image.Image) -> tuple[float, float]:
    across, down = image.info.get("dpi", (0, 0))
    return float(across), float(down)


@contextmanager
def _faults(what: str) -> Iterator[None]:
    try:
        yield
    except FAULTS as error:
        raise BrokenError(f"{what}: {error}") from error


@contextmanager
def bombs(limits: Limits) -> Iterator[None]:
    """Turn Pillow's own guard into our refusal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError as error:
        raise TooLargeError("pixels", limits.pixels + 1, limits.pixels) from error

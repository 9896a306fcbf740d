"""PDF files as stacks: the one picture of a page taken out as it lies, else the page rendered."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from math import hypot
from pathlib import Path
from typing import Any, Self

import pikepdf
from PIL import Image

from registration.intake import imagestacks, pictures, rasters
from registration.intake.errors import (
    BrokenError,
    EncryptedError,
    IntakeError,
    NoPictureError,
    TooLargeError,
)
from registration.intake.pictures import Picture
from registration.intake.scans import Limits, Original, ScannedPage

_DRAWING = 64_000  # bytes of a content stream that only shows one picture
_EXPANDED = 32_000_000  # bytes of a content stream that is worth rendering
_COVER = 0.85  # of the page that a scan's picture covers at least
_RENDERED = 300  # dpi of a page that is more than one picture
_SHOWN = 92  # JPEG quality of its picture; the page itself is kept
_SILENT = frozenset({"q", "Q", "w", "J", "j", "M", "d", "ri", "i", "gs", "n", "W", "W*", "re"})
_SILENT |= {"BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Ts", "Td", "TD", "Tm", "T*"}
_SILENT |= {"g", "G", "rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN"}
_SILENT |= {"BMC", "BDC", "EMC", "MP", "DP"}
"""Operators that leave no mark by themselves."""
_TELLING = frozenset({"Tj", "TJ", "'", '"'})
_INVISIBLE = 3  # text rendering mode of a layer that software put over a scan
_FILTERS = {"/FlateDecode", "/DCTDecode"}


@dataclass(frozen=True)
class _Only:
    """The one picture of a page, and its size on paper in points."""

    stream: Any
    across: float
    down: float


class PdfStack:
    """A PDF of which one page at a time is read from disk."""

    media = "application/pdf"

    def __init__(self, pdf: pikepdf.Pdf, limits: Limits) -> None:
        self._pdf, self._limits = pdf, limits
        self.count = len(pdf.pages)

    @classmethod
    @contextmanager
    def opened(cls, path: Path, limits: Limits) -> Iterator[Self]:
        """Open a file; raise EncryptedError, BrokenError.

        A file without its end is refused: repaired, it would have lost pages without a word.
        """
        with _faults("file"):
            pdf = _open(path)
        with pdf:
            with _faults("file"):
                stack = cls(pdf, limits)
            yield stack

    def page(self, number: int) -> ScannedPage:
        with _faults(f"page {number}"):
            page = self._pdf.pages[number - 1]
            turn = int(page.obj.get("/Rotate", 0)) % 360
            only = _only_picture(page)
            if only and _is_jpeg(only.stream):
                return self._as_it_lies(number, only, turn)
            return self._drawn(number, page, only, turn)

    def _as_it_lies(self, number: int, only: _Only, turn: int) -> ScannedPage:
        data = _jpeg(only.stream, self._limits)
        with Image.open(BytesIO(data), formats=["JPEG"]) as image:
            width, height = image.size
        imagestacks.check((width, height), self._limits)
        imagestacks.check_end(data)
        original = Original("image/jpeg", data)
        dpi = (width / only.across * 72, height / only.down * 72)
        return ScannedPage(number, original, original, width, height, dpi, turn)

    def _drawn(self, number: int, page: Any, only: _Only | None, turn: int) -> ScannedPage:
        """Take a picture of other coding pixel by pixel, or render the page."""
        _check_expanded(page)
        if only:
            stated = int(only.stream.Width), int(only.stream.Height)
            imagestacks.check(stated, self._limits)
            pixels = rasters.embedded(_single(page))
            original = imagestacks.packed(_image(pixels, two_tones=_is_two_tones(only.stream)))
            high, wide = pixels.shape[:2]
            dpi = (wide / only.across * 72, high / only.down * 72)
            return ScannedPage(number, original, original, wide, high, dpi, turn)
        return self._rendered(number, page)

    def _rendered(self, number: int, page: Any) -> ScannedPage:
        if _is_empty(page):
            raise NoPictureError
        alone = _single(page)
        across, down = rasters.size(alone, 1)
        scale = _RENDERED / 72
        imagestacks.check((int(across * scale), int(down * scale)), self._limits)
        pixels = rasters.colour(alone, 1, _RENDERED)
        picture = Original("image/jpeg", pictures.jpeg(pixels, _SHOWN))
        original = Original("application/pdf", alone)
        high, wide = pixels.shape[:2]
        return ScannedPage(number, original, picture, wide, high, (_RENDERED, _RENDERED))


def _open(path: Path) -> pikepdf.Pdf:
    """Open by reading, not by mapping: a mapped stack would count as our memory."""
    how = pikepdf.AccessMode.stream
    try:
        return pikepdf.open(path, access_mode=how, attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise EncryptedError from error
    except pikepdf.PdfError:
        if not _has_end(path):
            raise
        return pikepdf.open(path, access_mode=how)


def _has_end(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 1024))
        return b"%%EOF" in file.read()


def _only_picture(page: Any) -> _Only | None:
    """Return the picture that is all one sees of a page; None where there is more."""
    if "/Annots" in page.obj or _expanded(page.obj.get("/Contents"), _DRAWING) > _DRAWING:
        return None
    shown = _shown(page)
    return shown if shown and _covers(shown, page) else None


def _shown(page: Any) -> _Only | None:
    """Follow the drawing; give up at the first operator that draws anything but one picture."""
    matrix, saved, found, mode = pikepdf.Matrix(), [], None, 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "cm":
            matrix = pikepdf.Matrix(*operands) @ matrix
        elif name == "q":
            saved.append(matrix)
        elif name == "Q" and saved:
            matrix = saved.pop()
        elif name == "Tr":
            mode = int(operands[0])
        elif name == "Do" and not found:
            found = _picture(page, str(operands[0]), matrix)
            if not found:
                return None
        elif name not in _SILENT and not (name in _TELLING and mode == _INVISIBLE):
            return None
    return found


def _picture(page: Any, name: str, matrix: pikepdf.Matrix) -> _Only | None:
    stream = page.resources.get("/XObject", {}).get(name)
    if stream is None or stream.get("/Subtype") != "/Image" or _is_altered(stream):
        return None
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    return _Only(stream, hypot(a, b), hypot(c, d))


def _is_altered(stream: Any) -> bool:
    """Tell whether what one sees is not what the bytes are."""
    return any(key in stream for key in ("/SMask", "/Mask", "/Decode")) or bool(
        stream.get("/ImageMask", False)
    )


def _covers(only: _Only, page: Any) -> bool:
    box = page.mediabox
    area = abs(float(box[2] - box[0]) * float(box[3] - box[1]))
    return only.across * only.down >= _COVER * area > 0


def _filters(stream: Any) -> list[str]:
    filters = stream.get("/Filter", pikepdf.Array())
    return [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]


def _is_jpeg(stream: Any) -> bool:
    filters = _filters(stream)
    return bool(filters) and filters[-1] == "/DCTDecode" and set(filters) <= _FILTERS


def _jpeg(stream: Any, limits: Limits) -> bytes:
    raw = stream.read_raw_bytes()
    for _each in _filters(stream)[:-1]:
        raw = _inflated(raw, limits.page_bytes)
    if len(raw) > limits.page_bytes:
        raise TooLargeError("page bytes", len(raw), limits.page_bytes)
    return bytes(raw)


def _inflated(data: bytes, most: int) -> bytes:
    """Unpack, and stop at one byte over the limit."""
    try:
        return zlib.decompressobj().decompress(data, most + 1)
    except zlib.error as error:
        raise BrokenError(f"stream: {error}") from error


def _expanded(contents: Any, most: int) -> int:
    """Return how long a drawing is unpacked; stops soon after `most`."""
    if contents is None:
        return 0
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    length = 0
    for stream in streams:
        raw = stream.read_raw_bytes()
        packed = _filters(stream) == ["/FlateDecode"]
        length += len(_inflated(raw, most)) if packed else len(raw)
        if length > most:
            break
    return length


def _check_expanded(page: Any) -> None:
    length = _expanded(page.obj.get("/Contents"), _EXPANDED)
    if length > _EXPANDED:
        raise TooLargeError("page bytes", length, _EXPANDED)


def _is_empty(page: Any) -> bool:
    return "/Annots" not in page.obj and not _expanded(page.obj.get("/Contents"), 1)


def _is_two_tones(stream: Any) -> bool:
    """Tell whether the picture is black and white, as faxes and bilevel scans are."""
    if _filters(stream)[-1:] in (["/CCITTFaxDecode"], ["/JBIG2Decode"]):
        return True
    return stream.get("/BitsPerComponent") == 1 and stream.get("/ColorSpace") == "/DeviceGray"


def _image(pixels: Picture, *, two_tones: bool) -> Image.Image:
    if pixels.ndim == 2:  # noqa: PLR2004 - (height, width)
        image = Image.fromarray(pixels)
        return image.point(lambda value: 255 if value > 127 else 0, "1") if two_tones else image  # noqa: PLR2004
    if two_tones:
        return _image(pixels[:, :, 0].copy(), two_tones=True)
    return Image.fromarray(pixels[:, :, ::-1].copy())


def _single(page: Any) -> bytes:
    """Return a file with this page alone and only what it needs."""
    out = BytesIO()
    with pikepdf.new() as alone:
        alone.pages.append(page)
        alone.remove_unreferenced_resources()
        alone.save(out)
    return out.getvalue()


@contextmanager
def _faults(what: str) -> Iterator[None]:
    try:
        yield
    except IntakeError:
        raise
    except (pikepdf.PdfError, *imagestacks.FAULTS, RuntimeError) as error:
        raise BrokenError(f"{what}: {error}") from error

"""PDF files as stacks: the one picture of a page taken out as it lies, else the page rendered."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import pikepdf
from PIL import Image

from registration.intake import faxes, foreign, imagestacks, pictures, singles
from registration.intake.errors import (
    BrokenError,
    EncryptedError,
    IntakeError,
    NoPictureError,
    TooLargeError,
)
from registration.intake.pictures import Picture
from registration.intake.scans import Limits, Original, ScannedPage
from registration.intake.singles import Single

_EXPANDED = 32_000_000  # bytes of a content stream that is worth rendering
_RENDERED = 300  # dpi of a page that is more than one picture
_CODED = frozenset({"/FlateDecode", "/DCTDecode"})
_CONTRADICTIONS = (
    RuntimeError,
    AttributeError,
)  # what pikepdf raises for an object of a wrong kind
_SHOWN = 92  # JPEG quality of its picture; the page itself is kept


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
            only = singles.find(page)
            if only and _is_jpeg(only.stream):
                return self._as_it_lies(number, only, turn)
            if only:
                return self._unpacked(number, page, only, turn)
            return self._rendered(number, page)

    def _as_it_lies(self, number: int, only: Single, turn: int) -> ScannedPage:
        data = _jpeg(only.stream, self._limits)
        width, height = _size(data, self._limits)
        imagestacks.check_end(data)
        original = Original("image/jpeg", data)
        dpi = (width / only.across * 72, height / only.down * 72)
        return ScannedPage(number, original, original, width, height, dpi, turn)

    def _unpacked(self, number: int, page: Any, only: Single, turn: int) -> ScannedPage:
        """Take a picture of other coding: a fax bit by bit, others pixel by pixel."""
        wide, high = int(only.stream.Width), int(only.stream.Height)
        imagestacks.check((wide, high), self._limits)
        fax = singles.filters(only.stream) == ["/CCITTFaxDecode"]
        original = (faxes.wrapped(only.stream) if fax else None) or self._pixels(page, only.stream)
        dpi = (wide / only.across * 72, high / only.down * 72)
        return ScannedPage(number, original, original, wide, high, dpi, turn)

    def _rendered(self, number: int, page: Any) -> ScannedPage:
        if _is_empty(page):
            raise NoPictureError
        _check_expanded(page)
        alone = _single(page)
        pixels = foreign.page(alone, _RENDERED, self._limits.pixels)
        picture = Original("image/jpeg", pictures.jpeg(pixels, _SHOWN))
        original = Original("application/pdf", alone)
        high, wide = pixels.shape[:2]
        imagestacks.check((wide, high), self._limits)
        return ScannedPage(number, original, picture, wide, high, (_RENDERED, _RENDERED))

    def _pixels(self, page: Any, stream: Any) -> Original:
        pixels = foreign.picture(_single(page), self._limits.pixels)
        return imagestacks.packed(_image(pixels, two_tones=_is_two_tones(stream)))


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


def _is_jpeg(stream: Any) -> bool:
    filters = singles.filters(stream)
    return bool(filters) and filters[-1] == "/DCTDecode" and set(filters) <= _CODED


def _jpeg(stream: Any, limits: Limits) -> bytes:
    raw = stream.read_raw_bytes()
    for _each in singles.filters(stream)[:-1]:
        raw = singles.inflated(raw, limits.page_bytes)
    if len(raw) > limits.page_bytes:
        raise TooLargeError("page bytes", len(raw), limits.page_bytes)
    return bytes(raw)


def _size(jpeg: bytes, limits: Limits) -> tuple[int, int]:
    with imagestacks.bombs(limits), Image.open(BytesIO(jpeg), formats=["JPEG"]) as image:
        width, height = image.size
    imagestacks.check((width, height), limits)
    return width, height


def _check_expanded(page: Any) -> None:
    length = singles.expanded(page.obj.get("/Contents"), _EXPANDED)
    if length > _EXPANDED:
        raise TooLargeError("page bytes", length, _EXPANDED)


def _is_empty(page: Any) -> bool:
    return "/Annots" not in page.obj and not singles.expanded(page.obj.get("/Contents"), 1)


def _is_two_tones(stream: Any) -> bool:
    """Tell whether the picture is black and white, as faxes and bilevel scans are."""
    if singles.filters(stream)[-1:] in (["/CCITTFaxDecode"], ["/JBIG2Decode"]):
        return True
    return bool(stream.get("/BitsPerComponent") == 1 and stream.get("/ColorSpace") == "/DeviceGray")


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
    except (pikepdf.PdfError, *imagestacks.FAULTS, *_CONTRADICTIONS) as error:
        raise BrokenError(f"{what}: {error}") from error

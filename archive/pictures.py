"""Pages of papers as pictures for the browser; the file is read bit by bit, however large."""

import io
import threading
from collections.abc import Iterator
from typing import Protocol

import pypdfium2

WIDTH = 1300  # pixels: legible on a large screen, small on the way
_BLOCK = 256 * 1024  # bytes that are read at once
_QUALITY = 80
_one_at_a_time = threading.Lock()  # PDFium is not made for threads


class UnshowableError(Exception):
    """The file is no PDF that can be shown, or has no such page."""


class Source(Protocol):
    """Bytes that can be read from anywhere."""

    @property
    def size(self) -> int: ...
    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]: ...


def page(source: Source, number: int) -> bytes:
    """Return a page, counted from 1, as JPEG. Raises UnshowableError, and what reading raises."""
    reader = _Reader(source)
    with _one_at_a_time:
        try:
            with pypdfium2.PdfDocument(reader) as document:
                picture = _jpeg(document[number - 1])
        except (pypdfium2.PdfiumError, IndexError) as fault:
            raise reader.fault or UnshowableError from fault
        if reader.fault:  # PDFium shows what it could read
            raise reader.fault
        return picture


def _jpeg(sheet: pypdfium2.PdfPage) -> bytes:
    bitmap = sheet.render(scale=WIDTH / max(sheet.get_width(), 1))
    out = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


class _Reader(io.RawIOBase):
    """A file that PDFium reads here and there; what reading raised is kept, C cannot pass it on."""

    def __init__(self, source: Source) -> None:
        self._source, self._at, self._block = source, 0, (-1, b"")
        self.fault: Exception | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}
        self._at = base[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        filled = 0
        while filled < len(buffer) and (some := self._some(len(buffer) - filled)):
            buffer[filled : filled + len(some)] = some
            filled += len(some)
        return filled

    def _some(self, most: int) -> bytes:
        number, inside = divmod(self._at, _BLOCK)
        if self._block[0] != number:
            self._block = (number, self._load(number * _BLOCK))
        some = self._block[1][inside : inside + most]
        self._at += len(some)
        return some

    def _load(self, start: int) -> bytes:
        try:
            return b"".join(self._source.read(start, start + _BLOCK))
        except Exception as fault:  # noqa: BLE001 - told once PDFium has given up
            self.fault = fault
            return b""

"""Files from scanners: what they are by their content, and their pages one at a time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from registration.intake.errors import (
    BrokenError,
    IntakeError,
    NoPictureError,
    TooLargeError,
    UnknownFormatError,
)
from registration.intake.imagestacks import ImageStack
from registration.intake.pdfstacks import PdfStack
from registration.intake.scans import FailedPage, Limits, ScannedPage

_HEAD = 1024  # bytes within which a PDF may begin
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
)

USUAL = Limits()


class Stack(Protocol):
    """An open file: `media` is its type, `count` the number of its pages."""

    media: str
    count: int

    def page(self, number: int) -> ScannedPage:
        """Take one page out (from 1); raise an IntakeError that concerns this page only."""


def media(head: bytes) -> str:
    """Return the type of a file that begins with these bytes; raise UnknownFormatError."""
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), "")
    if not found and b"%PDF-" in head[:_HEAD]:
        found = "application/pdf"
    if not found:
        raise UnknownFormatError(head[:8])
    return found


@contextmanager
def opened(path: Path, limits: Limits = USUAL) -> Iterator[Stack]:
    """Open a stack; raise an IntakeError where the whole of it is to be refused."""
    size = path.stat().st_size
    if not size:
        raise BrokenError("file: empty")
    if size > limits.file_bytes:
        raise TooLargeError("bytes", size, limits.file_bytes)
    with path.open("rb") as file:
        kind = media(file.read(_HEAD))
    with _reader(path, kind, limits) as stack:
        _check_count(stack.count, limits)
        yield stack


def _reader(path: Path, kind: str, limits: Limits) -> AbstractContextManager[Stack]:
    if kind == "application/pdf":
        return PdfStack.opened(path, limits)
    return ImageStack.opened(path, kind, limits)


def _check_count(count: int, limits: Limits) -> None:
    if count > limits.pages:
        raise TooLargeError("pages", count, limits.pages)
    if not count:
        raise NoPictureError


def pages(path: Path, start: int = 1, limits: Limits = USUAL) -> Iterator[ScannedPage | FailedPage]:
    """Take the pages out one after the other, from page `start`; a page that fails is told so.

    Raises what `opened` raises. Nothing of a page is kept when the next is asked for.
    """
    with opened(path, limits) as stack:
        for number in range(start, stack.count + 1):
            yield _page(stack, number)


def _page(stack: Stack, number: int) -> ScannedPage | FailedPage:
    try:
        return stack.page(number)
    except IntakeError as error:
        return FailedPage(number, error)

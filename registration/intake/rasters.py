"""PDF pages to pixels; the only module of the intake that knows pdfium."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
import pypdfium2
from pypdfium2 import raw

from registration.intake.errors import BrokenError, EncryptedError, NoPictureError
from registration.intake.pictures import Picture

_RENDERING = Lock()  # pdfium is not thread-safe
_POINTS = 72  # to the inch


def gray(pdf: bytes, number: int, dpi: float) -> Picture:
    """Render a page (from 1), white paper, (height, width)."""
    with _page(pdf, number) as page:
        bitmap = page.render(scale=dpi / _POINTS, grayscale=True)
        return _pixels(bitmap)


def colour(pdf: bytes, number: int, dpi: float) -> Picture:
    """Render a page (from 1) in BGR."""
    with _page(pdf, number) as page:
        return _pixels(page.render(scale=dpi / _POINTS))


def embedded(pdf: bytes) -> Picture:
    """Return the first picture of the first page as it lies in the file, gray or BGR."""
    with _page(pdf, 1) as page:
        found = next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2), None)
        if found is None:
            raise NoPictureError
        bitmap = found.get_bitmap(render=False)
        return _pixels(bitmap)


def size(pdf: bytes, number: int) -> tuple[float, float]:
    """Return width and height of a page (from 1) in points."""
    with _page(pdf, number) as page:
        width, height = page.get_size()
        return float(width), float(height)


@contextmanager
def _page(pdf: bytes, number: int) -> Iterator[Any]:
    with _RENDERING:
        document = _opened(pdf)
        try:
            yield document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise BrokenError(f"page {number}: {error}") from error
        finally:
            document.close()


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise EncryptedError from error
        raise BrokenError(f"PDF: {error}") from error


def _pixels(bitmap: pypdfium2.PdfBitmap) -> Picture:
    """Copy the pixels out, three channels at most."""
    pixels: Picture = bitmap.to_numpy()
    if pixels.ndim == 3:  # noqa: PLR2004 - (height, width, channels)
        pixels = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels[:, :, :3]
    return np.ascontiguousarray(pixels)

"""The archive's copy of a scanned paper: its pictures as they are, the born text upon them.

The pictures are turned so that the page lies straight, the text keeps its place: nothing is
resampled, and a JPEG stays what it was to the bit. The text, invisible, is what was printed: what
was
written by hand is only in the picture, and the file says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name

from registration.intake import embedding, wording
from registration.intake.born import BornPage
from registration.intake.pictures import Floats
from registration.intake.placing import Placing
from registration.intake.scans import ScannedPage

MARK = "born-text"
"""Stands in the keywords: the text layer was not read from the picture."""

DESCRIPTION = (
    "Текст у слоју је оно што је одштампано. Оно што је написано руком види се само на слици."
)
_POINT = 72 / 25.4  # to the millimetre
_A4 = 210.0, 297.0  # mm


@dataclass(frozen=True)
class Leaf:
    """A page of the archive's copy; `placing` is None where the printed page was not found."""

    scan: ScannedPage
    born: BornPage
    placing: Placing | None


def paper(leaves: Sequence[Leaf], title: str) -> bytes:
    """Return the scanned pages of one paper, in the order given, as PDF/A-2b."""
    sources: dict[bytes, pikepdf.Pdf] = {}
    out = BytesIO()
    with pikepdf.new() as document:
        try:
            for leaf in leaves:
                _add(document, leaf, sources)
            _declare(document, next(iter(sources.values())), title)
            document.save(out, deterministic_id=True, compress_streams=True)
        finally:
            for source in sources.values():
                source.close()
    return out.getvalue()


def _add(document: pikepdf.Pdf, leaf: Leaf, sources: dict[bytes, pikepdf.Pdf]) -> None:
    if leaf.born.pdf not in sources:
        sources[leaf.born.pdf] = pikepdf.open(BytesIO(leaf.born.pdf))
    source = sources[leaf.born.pdf].pages[leaf.born.number - 1]
    matrix, size = _matrix(leaf)
    picture = embedding.picture(document, leaf.scan.picture)
    shown = b"q %s cm /Scan Do Q" % _numbers(matrix)
    objects = Dictionary(Scan=picture)
    if leaf.placing:
        objects[Name.Born] = wording.layer(document, source)
        shown += b"\n/Born Do"
    content = document.make_stream(shown)
    document.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([round(float(each), 3) for each in _box(matrix, size)]),
                Contents=content,
                Resources=Dictionary(XObject=objects),
            )
        )
    )


def _matrix(leaf: Leaf) -> tuple[Floats, tuple[float, float]]:
    """Return where the picture's unit square goes, (2, 3) in points, and the page's size."""
    scan = leaf.scan
    if leaf.placing is None:
        across, down = _size(scan)
        return np.array([[across, 0, 0], [0, down, 0]]) * _POINT, (0.0, 0.0)
    to_pixels = np.vstack([leaf.placing.matrix, [0, 0, 1]])
    unit = np.array([[scan.width, 0, 0], [0, -scan.height, scan.height], [0, 0, 1.0]])
    high = leaf.placing.size[1]
    to_points = np.array([[_POINT, 0, 0], [0, -_POINT, high * _POINT], [0, 0, 1.0]])
    return (to_points @ np.linalg.inv(to_pixels) @ unit)[:2], leaf.placing.size


def _size(scan: ScannedPage) -> tuple[float, float]:
    """Return the picture's size on paper in mm: what the file says, else as wide as A4."""
    if all(scan.dpi):
        return scan.width / scan.dpi[0] * 25.4, scan.height / scan.dpi[1] * 25.4
    across = _A4[0] if scan.width <= scan.height else _A4[1]
    return across, across * scan.height / scan.width


def _box(matrix: Floats, size: tuple[float, float]) -> list[float]:
    """Return the box that holds the whole picture and the whole page."""
    corners = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]]) @ matrix.T
    born = np.array([[0.0, 0.0], size]) * _POINT
    points = np.concatenate([corners, born]) if any(size) else corners
    return [*points.min(0), *points.max(0)]


def _numbers(matrix: Floats) -> bytes:
    """Return a matrix in the order and writing of PDF."""
    return b" ".join(b"%.5f" % value for value in matrix.T.ravel())


def _declare(document: pikepdf.Pdf, source: pikepdf.Pdf, title: str) -> None:
    """Say what the file is: PDF/A-2b, sRGB as in the born paper, a layer that was not read."""
    document.Root.OutputIntents = document.copy_foreign(_indirect(source, "/OutputIntents"))
    with document.open_metadata(set_pikepdf_as_editor=False) as facts:
        facts["pdfaid:part"] = "2"
        facts["pdfaid:conformance"] = "B"
        facts["dc:title"] = title
        facts["dc:description"] = DESCRIPTION
        facts["pdf:Keywords"] = MARK
    document.docinfo["/Title"] = title
    document.docinfo["/Subject"] = DESCRIPTION
    document.docinfo["/Keywords"] = MARK


def _indirect(source: pikepdf.Pdf, key: str) -> Any:
    return source.make_indirect(source.Root[key])

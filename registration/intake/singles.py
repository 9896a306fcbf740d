"""The one picture that is all one sees of a PDF page: found by following what the page draws."""

import zlib
from dataclasses import dataclass, field
from math import hypot
from typing import Any

import pikepdf
from pikepdf import ContentStreamInlineImage, Matrix

from registration.intake.errors import BrokenError

_DRAWING = 64_000  # bytes of a drawing that only shows one picture
_UNKNOWN = 64  # times: how far a drawing of other coding is taken to unpack
_COVER = 0.85  # of the page that a scan's picture covers at least
_INVISIBLE = 3  # text rendering mode of a layer that software put over a scan
_SILENT = frozenset({"w", "J", "j", "M", "d", "ri", "i", "gs", "n", "W", "W*", "re"})
_SILENT |= {"BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Ts", "Td", "TD", "Tm", "T*"}
_SILENT |= {"g", "G", "rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN"}
_SILENT |= {"BMC", "BDC", "EMC", "MP", "DP"}
"""Operators that leave no mark by themselves."""
_TELLING = frozenset({"Tj", "TJ", "'", '"'})


@dataclass(frozen=True)
class Single:
    """The picture's stream, and its size on paper in points."""

    stream: Any
    across: float
    down: float


class _SeveralError(Exception):
    """The page shows something else too."""


@dataclass
class _Pencil:
    """What a drawing has done so far."""

    resources: Any
    matrix: Matrix = field(default_factory=Matrix)
    saved: list[Matrix] = field(default_factory=list)
    mode: int = 0
    found: Single | None = None

    def follow(self, operator: str, operands: Any) -> None:
        """Take one step of a drawing; raise _SeveralError at the first other mark."""
        if step := _STEPS.get(operator):
            step(self, operands)
        elif operator not in _SILENT and not (operator in _TELLING and self.mode == _INVISIBLE):
            raise _SeveralError

    def transform(self, operands: Any) -> None:
        self.matrix = Matrix(*(float(each) for each in operands)) @ self.matrix

    def save(self, _operands: Any) -> None:
        self.saved.append(self.matrix)

    def restore(self, _operands: Any) -> None:
        self.matrix = self.saved.pop() if self.saved else self.matrix

    def write(self, operands: Any) -> None:
        self.mode = int(operands[0])

    def show(self, operands: Any) -> None:
        stream = self.resources.get("/XObject", {}).get(str(operands[0]))
        picture = stream is not None and stream.get("/Subtype") == "/Image"
        if self.found or not picture or _is_altered(stream):
            raise _SeveralError
        a, b, c, d = self.matrix.a, self.matrix.b, self.matrix.c, self.matrix.d
        self.found = Single(stream, hypot(a, b), hypot(c, d))


_STEPS = {
    "cm": _Pencil.transform,
    "q": _Pencil.save,
    "Q": _Pencil.restore,
    "Tr": _Pencil.write,
    "Do": _Pencil.show,
}


def find(page: pikepdf.Page) -> Single | None:
    """Return the picture that is all one sees of a page; None where there is more, or less."""
    if "/Annots" in page.obj or expanded(page.obj.get("/Contents"), _DRAWING) > _DRAWING:
        return None
    pencil = _Pencil(page.resources)
    try:
        for step in pikepdf.parse_content_stream(page):
            if isinstance(step, ContentStreamInlineImage):
                return None
            pencil.follow(str(step.operator), step.operands)
    except _SeveralError:
        return None
    return pencil.found if pencil.found and _covers(pencil.found, page) else None


def filters(stream: Any) -> list[str]:
    """Return how a stream is coded, the outermost first."""
    found = stream.get("/Filter", pikepdf.Array())
    return [str(each) for each in found] if isinstance(found, pikepdf.Array) else [str(found)]


def inflated(data: bytes, most: int) -> bytes:
    """Unpack, and stop at one byte over the limit; raise BrokenError."""
    try:
        return zlib.decompressobj().decompress(data, most + 1)
    except zlib.error as error:
        raise BrokenError(f"stream: {error}") from error


def expanded(contents: Any, most: int) -> int:
    """Return how many bytes a page's drawing has unpacked; stops soon after `most`."""
    if contents is None:
        return 0
    length = 0
    for stream in list(contents) if isinstance(contents, pikepdf.Array) else [contents]:
        length += _expanded(stream, most)
        if length > most:
            break
    return length


def _expanded(stream: Any, most: int) -> int:
    """Return how many bytes a stream has unpacked; what is not Flate is taken to be much."""
    data = bytes(stream.read_raw_bytes())
    for name in filters(stream):
        if name != "/FlateDecode":
            return len(data) * _UNKNOWN
        data = inflated(data, most)
        if len(data) > most:
            break
    return len(data)


def _is_altered(stream: Any) -> bool:
    """Tell whether what one sees is not what the bytes are."""
    masked = any(key in stream for key in ("/SMask", "/Mask", "/Decode"))
    return masked or bool(stream.get("/ImageMask", False))


def _covers(only: Single, page: pikepdf.Page) -> bool:
    box = [float(each) for each in page.mediabox]
    area = abs((box[2] - box[0]) * (box[3] - box[1]))
    return only.across * only.down >= _COVER * area > 0

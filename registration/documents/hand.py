"""The hand that writes values into finished pages: text to glyphs, as Pango would set it.

The whole fonts shape a line; pages carry one subset each, with every letter that a case may need.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as hb

_FOLDER = Path("/usr/share/fonts/truetype/noto")
_FILES = {False: "NotoSans-Regular.ttf", True: "NotoSans-Bold.ttf"}
_LANGUAGE = "sr"  # chooses Serbian letterforms
_LETTERS = (  # Unicode blocks and single characters
    (0x0020, 0x007E),
    (0x00A0, 0x017F),  # Latin of the minorities too: á ö ű ő ľ ă ș
    (0x01C4, 0x01CC),
    (0x0218, 0x021B),
    (0x0400, 0x045F),
    (0x2010, 0x2026),
    (0x20AC, 0x20AC),
    (0x2116, 0x2116),
)
_LIGATURES = ("ff", "fi", "fl", "ffi", "ffl")


class FontMissingError(RuntimeError):
    """The package that brings our fonts is not installed."""


@dataclass(frozen=True)
class Line:
    """A set line: `shown` is what TJ takes (hexadecimal glyphs and kerning), `width` in ems."""

    shown: bytes
    width: float


@dataclass(frozen=True)
class Subset:
    """What a PDF embeds: the font program, and per glyph its width (1/1000 em) and its letter."""

    name: str
    program: bytes
    widths: dict[int, int]
    letters: dict[int, str]
    box: tuple[int, int, int, int]  # 1/1000 em: left, bottom, right, top
    ascent: int
    descent: int


@lru_cache(maxsize=4096)
def line(text: str, *, bold: bool) -> Line | None:
    """Set one line; None where a letter is not in the subset or must be placed by hand."""
    font, known, scale = _font(bold), _glyphs(bold), 1000 / _font(bold).face.upem
    shaped = _shaped(font, text)
    pieces, run, width = [], "", 0
    for glyph, advance, moved in shaped:
        if glyph not in known or moved:
            return None
        run += f"{glyph:04x}"
        width += advance
        if kern := known[glyph] - round(advance * scale):
            pieces.append(f"<{run}>{kern}")
            run = ""
    pieces.append(f"<{run}>")
    return Line("".join(pieces).encode(), width * scale / 1000)


def unknown(text: str) -> str:
    """Return the letters that our fonts do not have at all: no way of printing shows them."""
    return "".join(each for each in text if not _font(bold=False).get_nominal_glyph(ord(each)))


@cache
def subset(*, bold: bool) -> Subset:
    """Return the part of a font that pages carry, the same for all of them."""
    font = _font(bold)
    scale = 1000 / font.face.upem
    extents = font.get_font_extents("ltr")
    letters = _letters(bold)
    return Subset(
        name=f"OVERAA+{Path(_FILES[bold]).stem}",
        program=_program(font.face, set(letters)),
        widths=_glyphs(bold),
        letters=letters,
        box=_box(font, letters, scale),
        ascent=round(extents.ascender * scale),
        descent=round(extents.descender * scale),
    )


@cache
def _font(bold: bool) -> hb.Font:  # noqa: FBT001 - the key of a cache
    path = _FOLDER / _FILES[bold]
    if not path.exists():
        raise FontMissingError(f"{path.name} is not there: install the package fonts-noto-core")
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))


def _shaped(font: hb.Font, text: str) -> list[tuple[int, int, bool]]:
    """Return each glyph with its advance, and whether it stands off its place."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = _LANGUAGE
    hb.shape(font, buffer, {"lnum": True})
    return [
        (info.codepoint, place.x_advance, bool(place.x_offset or place.y_offset))
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


@cache
def _letters(bold: bool) -> dict[int, str]:  # noqa: FBT001
    """Return every glyph of the subset with the letter that it shows."""
    found: dict[int, str] = {}
    single = (chr(each) for first, last in _LETTERS for each in range(first, last + 1))
    for letter in (*single, *_LIGATURES):
        shaped = _shaped(_font(bold), letter)
        if len(shaped) == 1 and shaped[0][0]:  # 0 is the glyph of what a font does not have
            found.setdefault(shaped[0][0], letter)
    return found


@cache
def _glyphs(bold: bool) -> dict[int, int]:  # noqa: FBT001
    font = _font(bold)
    scale = 1000 / font.face.upem
    return {glyph: round(font.get_glyph_h_advance(glyph) * scale) for glyph in _letters(bold)}


def _box(font: hb.Font, glyphs: dict[int, str], scale: float) -> tuple[int, int, int, int]:
    drawn = [each for glyph in glyphs if (each := font.get_glyph_extents(glyph)) and each.width]
    return (
        round(min(each.x_bearing for each in drawn) * scale),
        round(min(each.y_bearing + each.height for each in drawn) * scale),
        round(max(each.x_bearing + each.width for each in drawn) * scale),
        round(max(each.y_bearing for each in drawn) * scale),
    )


def _program(face: hb.Face, glyphs: set[int]) -> bytes:
    """Return a font of these glyphs under their own numbers, without what only shaping needs."""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).set(glyphs)
    wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(
        int.from_bytes(tag, "big") for tag in (b"GSUB", b"GPOS", b"GDEF", b"name", b"post")
    )
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
    return bytes(hb.subset(face, wanted).blob.data)

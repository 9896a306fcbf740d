"""Values and codes laid over finished pages by pikepdf: what is drawn, which files result."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import groupby

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, StreamDecodeLevel

from registration.documents import hand, symbols
from registration.documents.hand import Line, Subset
from registration.documents.rendering import Slot
from registration.documents.zones import Zone

HANDS = {False: "OvR", True: "OvB"}  # the fonts' names in a page's resources, by boldness

_POINT = 72 / 25.4  # of a millimetre
_HEIGHT = 297 * _POINT  # of a page
_ARTIFACT = b"/Artifact <</Type /Pagination>> BDC\nq\n", b"Q\nEMC\n"


class TooLongError(ValueError):
    """A value does not fit its line, or has a letter that is not in our hand."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def value(slot: Slot, text: str) -> bytes:
    """Return the operators that write a value into its line; raise TooLongError."""
    if not text:
        return b""
    line = hand.line(text, bold=slot.bold)
    if line is None or line.width * slot.size > slot.width + 0.1:
        raise TooLongError(slot.name)
    return b"BT /%b %.4g Tf 1 0 0 1 %.2f %.2f Tm [%b] TJ ET\n" % (
        HANDS[slot.bold].encode(),
        slot.size,
        _left(slot, line),
        slot.baseline,
        line.shown,
    )


def code(text: str, places: Iterable[Zone]) -> bytes:
    """Return the operators that draw a page's code into each of its places."""
    drawn = symbols.path(text)
    return b"".join(
        b"q %.4f 0 0 %.4f %.3f %.3f cm\n%bf Q\n"
        % (
            zone.rect.width * _POINT / symbols.MODULES,
            zone.rect.height * _POINT / symbols.MODULES,
            zone.rect.left * _POINT,
            _HEIGHT - (zone.rect.top + zone.rect.height) * _POINT,
            drawn,
        )
        for zone in places
    )


def _left(slot: Slot, line: Line) -> float:
    spare = slot.width - line.width * slot.size
    return slot.left + {"left": 0.0, "center": spare / 2, "right": spare}[slot.align]


def prepared(pdf: bytes) -> bytes:
    """Make a paper ready for stamps: its pages know our hands, and each drawing leaves no trace.

    WeasyPrint's drawing begins with an unbalanced flip of the page.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = _embedded(document)
        for page in document.pages:
            drawing = b"q\n" + page.Contents.read_bytes() + b"\nQ\n"
            page.Contents = document.make_stream(drawing)
            page.Resources = _with(document, page.Resources, fonts)
        return _saved(document, compress=True)


def gathered(files: Sequence[bytes]) -> bytes:
    """Return prepared papers as one file, page after page; the first one's PDF/A marks hold."""
    with pikepdf.open(BytesIO(files[0])) as document:
        fonts = document.pages[0].Resources.Font
        for file in files[1:]:
            with pikepdf.open(BytesIO(file)) as other:
                document.pages.extend(other.pages)
        for page in document.pages:
            for name in HANDS.values():
                page.Resources.Font[f"/{name}"] = fonts[f"/{name}"]
        return _saved(_untagged(document), compress=True)


def joined(first: bytes, *others: bytes) -> bytes:
    """Return files that have nothing in common as one, page after page."""
    with pikepdf.open(BytesIO(first)) as document:
        for file in others:
            with pikepdf.open(BytesIO(file)) as other:
                document.pages.extend(other.pages)
        return _saved(_untagged(document), compress=True)


def stamped(pdf: bytes, stamps: Sequence[bytes]) -> bytes:
    """Lay one drawing over each page of prepared papers, as artifacts; they stay PDF/A."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for page, drawing in zip(document.pages, stamps, strict=True):
            over = document.make_stream(drawing.join(_ARTIFACT))
            # A new array for each page: copies of a paper share their drawing.
            page.obj.Contents = Array([page.obj.Contents, over])
        return _saved(document)


def arranged(pdf: bytes, order: Sequence[int | None]) -> bytes:
    """Return pages (from 0) in another order; None is an empty page."""
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = list(document.pages)
        size = pages[0].mediabox
        wanted = [_empty(document, size) if at is None else pages[at] for at in order]
        document.pages[:] = wanted
        return _saved(document)


def _empty(document: pikepdf.Pdf, size: Array) -> pikepdf.Page:
    return pikepdf.Page(
        document.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=size,
                Resources=Dictionary(),
                Contents=document.make_stream(b""),
            )
        )
    )


def single(pdf: bytes, number: int) -> bytes:
    """Return one page of a paper as a file."""
    with pikepdf.open(BytesIO(pdf)) as document:
        document.pages[:] = [document.pages[number - 1]]
        return _saved(_untagged(document))


def _saved(document: pikepdf.Pdf, *, compress: bool = False) -> bytes:
    out = BytesIO()
    document.save(
        out,
        compress_streams=compress,
        stream_decode_level=StreamDecodeLevel.none,
        object_stream_mode=ObjectStreamMode.generate,  # also the fastest to write
        fix_metadata_version=False,
    )
    return out.getvalue()


def _untagged(document: pikepdf.Pdf) -> pikepdf.Pdf:
    """Drop the structure of the first paper, which would speak for it alone."""
    for name in ("/StructTreeRoot", "/MarkInfo", "/Outlines"):
        if name in document.Root:
            del document.Root[name]
    return document


def _with(
    document: pikepdf.Pdf, resources: pikepdf.Object, fonts: dict[str, pikepdf.Object]
) -> Dictionary:
    """Return a page's own resources: WeasyPrint lets all pages share one dictionary."""
    own = Dictionary(dict(resources.items()))
    known = dict(own.Font.items()) if "/Font" in own else {}
    own.Font = Dictionary(known | {f"/{name}": font for name, font in fonts.items()})
    return document.make_indirect(own)


def _embedded(document: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    return {
        name: document.make_indirect(_font(document, hand.subset(bold=bold)))
        for bold, name in HANDS.items()
    }


def _font(document: pikepdf.Pdf, subset: Subset) -> Dictionary:
    """Return a composite font over glyph numbers (ISO 32000-1, 9.7)."""
    name = Name(f"/{subset.name}")
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        CIDToGIDMap=Name.Identity,
        DW=0,
        W=Array(list(_widths(subset.widths))),
        FontDescriptor=document.make_indirect(_descriptor(document, subset)),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([document.make_indirect(descendant)]),
        ToUnicode=document.make_stream(_to_unicode(subset.letters)),
    )


def _descriptor(document: pikepdf.Pdf, subset: Subset) -> Dictionary:
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{subset.name}"),
        Flags=4,  # symbolic: glyphs are named by number
        FontBBox=Array(subset.box),
        ItalicAngle=0,
        Ascent=subset.ascent,
        Descent=subset.descent,
        CapHeight=714,
        StemV=80,
        FontFile2=document.make_stream(subset.program, Length1=len(subset.program)),
    )


def _widths(widths: dict[int, int]) -> Iterator[int | Array]:
    """Yield the first of glyphs that follow one another, then their widths."""
    glyphs = sorted(widths)
    for _offset, run in groupby(enumerate(glyphs), lambda each: each[1] - each[0]):
        followers = [glyph for _at, glyph in run]
        yield followers[0]
        yield Array([widths[glyph] for glyph in followers])


def _head() -> bytes:
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    )


def _to_unicode(letters: dict[int, str]) -> bytes:
    """Return the map by which a reader finds the letters again, a hundred a section at most."""
    lines = [
        f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>"
        for glyph, letter in sorted(letters.items())
    ]
    sections = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    told = "".join(
        f"{len(each)} beginbfchar\n" + "\n".join(each) + "\nendbfchar\n" for each in sections
    )
    return (
        _head() + told.encode() + b"endcmap CMapName currentdict /CMap defineresource pop end end"
    )

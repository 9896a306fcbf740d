"""HTML to PDF/A-2b by WeasyPrint; codes laid over its pages by pikepdf, files joined by pypdf."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any

import pikepdf
import segno
from django.template import Context, Engine
from pypdf import PdfReader, PdfWriter
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from registration.documents import accessible, codes, papers
from registration.rules.scripts import Script

VARIANT = "pdf/a-2b"

_RENDERING = Lock()  # Pango's fonts are not thread-safe: two at once end the whole process


@dataclass(frozen=True)
class Stamp:
    """What is laid over one page: its code, and which copy of what it belongs to."""

    code: str
    line: str


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(papers.ROOT)], autoescape=True)


@cache
def _style(name: str, script: Script) -> CSS:
    rules = (papers.ROOT / name).read_text()
    return CSS(string=script.spell(rules), base_url=str(papers.ROOT), font_config=_fonts())


def html(template: str, values: Mapping[str, Any], script: Script) -> str:
    """Return a template of the papers' folder filled with `values`; users' text is escaped."""
    context = Context({"language": script.tag, **values}, use_l10n=False)
    return script.spell(_engine().get_template(template).render(context))


def pdf(
    template: str,
    values: Mapping[str, Any],
    script: Script,
    style: str = "base.css",
    variant: str = VARIANT,
) -> bytes:
    """Render a paper in a script; templates, styles and the office's texts are in Cyrillic."""
    document = HTML(string=html(template, values, script), base_url=str(papers.ROOT))
    with _RENDERING:
        rendered: bytes = document.write_pdf(
            stylesheets=[_style(style, script)], font_config=_fonts(), pdf_variant=variant
        )
    return rendered


def content_hashes(document: bytes) -> list[str]:
    """Return a SHA-256 (hexadecimal) for each page: of its drawing and of what its glyphs mean."""
    return [_content_hash(page) for page in PdfReader(BytesIO(document)).pages]


def _content_hash(page: Any) -> str:
    fonts = page["/Resources"]["/Font"]
    meanings = [fonts[name]["/ToUnicode"].get_data() for name in sorted(fonts)]
    drawn = page.get_contents().get_data()
    return hashlib.sha256(b"\x00".join([drawn, *meanings])).hexdigest()


def stamped(
    documents: Sequence[bytes], stamps: Sequence[Sequence[Stamp]], script: Script
) -> list[bytes]:
    """Lay one stamp over each page of each document, as artifacts; they stay PDF/A and PDF/UA."""
    shown = [
        {"symbol": _symbol(stamp.code), "human": codes.human_line(stamp.code), "line": stamp.line}
        for of_document in stamps
        for stamp in of_document
    ]
    drawing = pdf("stamp.html", {"stamps": shown}, script, "stamp.css")
    with pikepdf.open(BytesIO(drawing)) as drawn:
        overs = iter(drawn.pages)
        return [accessible.lay_over(document, overs) for document in documents]


def merged(documents: Sequence[bytes]) -> bytes:
    """Return one file with all pages; cloning the first keeps it PDF/A."""
    writer = PdfWriter(clone_from=BytesIO(documents[0]))
    for document in documents[1:]:
        writer.append(BytesIO(document), import_outline=False)
    writer.compress_identical_objects()
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _symbol(code: str) -> str:
    """Return the code as SVG, QR version 3 level H with its four modules of quiet."""
    symbol = segno.make_qr(code, version=3, error="h", mode="alphanumeric", boost_error=False)
    return str(symbol.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None))

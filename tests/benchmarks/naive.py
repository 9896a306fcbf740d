"""The packet made the obvious way: every copy laid out whole, its codes as pictures, appended."""

from io import BytesIO
from itertools import accumulate

from pypdf import PdfReader, PdfWriter
from weasyprint import CSS, HTML

from registration.documents import codes, contexts, hand, papers, rendering, symbols
from registration.documents.contexts import CaseContext
from registration.documents.packet import Coded, PrintedPage
from registration.documents.rendering import Slot

_POINT = 25.4 / 72  # millimetres
_HEIGHT = 297


def packet(case: CaseContext, copies: tuple[Coded, ...], slots: tuple[Slot, ...]) -> bytes:
    """Render each copy with `HTML(string=…).write_pdf()` and append them."""
    writer = PdfWriter()
    for copy in copies:
        writer.append(PdfReader(BytesIO(_paper(case, copy, slots))))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _paper(case: CaseContext, copy: Coded, slots: tuple[Slot, ...]) -> bytes:
    line = contexts.copy_line(case, copy.version.kind, copy.copy)
    pages = "".join(_background(page, line, slots) for page in copy.pages)
    style = (papers.ROOT / "base.css").read_text() + pages
    html = rendering.html(copy.version, contexts.values(case), case.script)
    pdf: bytes = HTML(string=html).write_pdf(
        stylesheets=[CSS(string=case.script.spell(style))], pdf_variant="pdf/a-2b"
    )
    return pdf


def _background(page: PrintedPage, line: str, slots: tuple[Slot, ...]) -> str:
    """Return the rule that draws a page's codes and lines behind it, as one SVG."""
    path = _path(page.code)
    drawn = "".join(
        f'<g transform="translate({zone.rect.left} {zone.rect.top}) scale({15 / symbols.MODULES})">'
        f'<path d="{path}"/></g>'
        for zone in page.zones
        if zone.kind == "code"
    )
    told = {"human": codes.human_line(page.code), "copy": line}
    texts = "".join(_text(slot, told[slot.name]) for slot in slots)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">{drawn}{texts}</svg>'
    url = svg.replace("#", "%23").replace('"', "'").replace("\n", " ")
    image = f'url("data:image/svg+xml,{url}") -20mm -34mm / 210mm 297mm no-repeat'
    return f"@page :nth({page.number}) {{ background: {image}; }}"


def _path(code: str) -> str:
    """Return the same modules that we draw as one SVG path."""
    runs = (line.split() for line in symbols.path(code).decode().splitlines())
    return "".join(
        f"M{left} {symbols.MODULES - 1 - int(bottom)}h{width}v1h-{width}z"
        for left, bottom, width, *_one in runs
    )


def _text(slot: Slot, text: str) -> str:
    """Place each letter: WeasyPrint's SVG sets them one by one and knows no kerning."""
    places = _places(text, slot.size * _POINT)
    left = (slot.left + (slot.width if slot.align == "right" else 0)) * _POINT
    start = left - (places[-1] if slot.align == "right" else 0)
    x = " ".join(f"{start + each:.4f}" for each in places[:-1])
    return (
        f'<text x="{x}" y="{_HEIGHT - slot.baseline * _POINT:.3f}" font-family="Noto Sans"'
        f' font-size="{slot.size * _POINT:.4f}">{text}</text>'
    )


def _places(text: str, size: float) -> list[float]:
    """Return where each letter begins, and where the last one ends, in millimetres."""
    font = hand._font(bold=False)  # noqa: SLF001 - the same file
    shaped = hand._shaped(font, text)  # noqa: SLF001
    advances = (advance * size / font.face.upem for _glyph, advance, _moved in shaped)
    return list(accumulate(advances, initial=0.0))

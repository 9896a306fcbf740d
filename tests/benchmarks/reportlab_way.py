"""The same packet by ReportLab: paragraphs, grids and codes, without PDF/A."""

from io import BytesIO
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from registration.documents import codes, contexts, wording
from registration.documents.contexts import CaseContext
from registration.documents.packet import Coded

_FONTS = Path("/usr/share/fonts/truetype/noto")
_GRID = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])
_TEXT = ParagraphStyle("text", fontName="NotoSerif", fontSize=10, leading=14.5)
_HEAD = ParagraphStyle("head", fontName="NotoSans", fontSize=10, leading=14)


def set_up() -> None:
    for name in ("NotoSans", "NotoSerif"):
        pdfmetrics.registerFont(TTFont(name, _FONTS / f"{name}-Regular.ttf"))


def packet(case: CaseContext, copies: tuple[Coded, ...]) -> bytes:
    """Return one file with all copies; the codes of a page come from the pages in order."""
    out, numbers = BytesIO(), iter(page.code for copy in copies for page in copy.pages)
    story = [part for copy in copies for part in _paper(case, copy)]
    document = SimpleDocTemplate(out, pagesize=A4, topMargin=34 * mm, bottomMargin=35 * mm)

    def code(canvas: Canvas, _document: object) -> None:
        _codes(canvas, next(numbers, ""))

    document.build(story, onFirstPage=code, onLaterPages=code)
    return out.getvalue()


def _paper(case: CaseContext, copy: Coded) -> list[object]:
    said = [(name, text) for name, text in contexts.values(case).items() if text]
    table = Table([said[at] for at in range(len(said))], style=_GRID)
    story: list[object] = [Paragraph(copy.version.title, _HEAD), table]
    for block in copy.version.blocks:
        html = wording.html(block).replace("<p>", "").replace("</p>", "<br/>")
        text = (
            html.replace("<ol>", "")
            .replace("</ol>", "")
            .replace("<li>", "")
            .replace("</li>", "<br/>")
        )
        story += [Paragraph(block.heading, _HEAD), Paragraph(text.replace("em>", "i>"), _TEXT)]
    return [*story, PageBreak()]


def _codes(canvas: Canvas, code: str) -> None:
    if not code:
        return
    widget = QrCodeWidget(code, barLevel="H", barWidth=15 * mm, barHeight=15 * mm, barBorder=0)
    drawing = Drawing(15 * mm, 15 * mm)
    drawing.add(widget)
    for left, bottom in ((185, 272), (10, 14)):
        renderPDF.draw(drawing, canvas, left * mm, bottom * mm)
        canvas.setFont("NotoSans", 5.6)
        canvas.drawString(10 * mm, bottom * mm - 8, codes.human_line(code))

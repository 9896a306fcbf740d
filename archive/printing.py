"""HTML to PDF by WeasyPrint: what the archive prints; the counter's papers share fonts and lock."""

from functools import cache
from threading import Lock

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

ONE_AT_A_TIME = Lock()  # Pango's fonts are not thread-safe: two at once end the whole process


@cache
def fonts() -> FontConfiguration:
    return FontConfiguration()


def accessible(source: str) -> bytes:
    """Return HTML with styles of its own as PDF/UA-1: lists and leaflets that are thrown away."""
    return _pdf(source, "pdf/ua-1")


def lasting(source: str) -> bytes:
    """Return HTML with styles of its own as PDF/A-2b: acts that are kept."""
    return _pdf(source, "pdf/a-2b")


def _pdf(source: str, variant: str) -> bytes:
    with ONE_AT_A_TIME:
        pdf: bytes = HTML(string=source).write_pdf(font_config=fonts(), pdf_variant=variant)
    return pdf

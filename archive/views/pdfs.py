"""PDF shown in the browser, to be printed."""

from django.http import HttpResponse


def shown(pdf: bytes, name: str) -> HttpResponse:
    disposition = f'inline; filename="{name}"'
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": disposition}
    )

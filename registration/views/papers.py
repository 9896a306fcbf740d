"""The printed papers as files, shown in the browser to who may act: all numbers stand on them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from archive import store
from registration.documents import stamping
from registration.models import Packet, Paper
from registration.services import viewing
from registration.views import access


@require_safe
@never_cache
@access.may_act
def packet(request: HttpRequest, number: str, run: int) -> HttpResponse:
    """Show all papers of one print run, in the order in which they are signed."""
    application = access.case(request, number)
    printed = get_object_or_404(Packet, application=application, run=run)
    viewing.note(application, "paper", by=access.officer(request))
    return _pdf(printed.merged, f"{number}-{run}.pdf")


@require_safe
@never_cache
@access.may_act
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    application = access.case(request, number)
    printed = get_object_or_404(Paper, application=application, pk=pk)
    viewing.note(application, "paper", by=access.officer(request))
    return _pdf(printed.sha256, f"{number}-{printed.kind}-{printed.copy}.pdf")


@require_safe
@never_cache
@access.may_act
def page(request: HttpRequest, number: str, pk: int, page: int) -> HttpResponse:
    """Show one page of a paper, to print a single sheet again."""
    application = access.case(request, number)
    printed = get_object_or_404(Paper, application=application, pk=pk)
    get_object_or_404(printed.pages, number=page)
    viewing.note(application, "paper", by=access.officer(request))
    sheet = stamping.single(store.get(printed.sha256), page)
    return _shown(sheet, f"{number}-{printed.kind}-{printed.copy}-{page}.pdf")


def _pdf(sha256: str, name: str) -> HttpResponse:
    return _shown(store.get(sha256), name)


def _shown(pdf: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )

"""The printed papers as files, shown in the browser to who may act: all numbers stand on them."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from archive import store
from archive.views import streaming
from registration.documents import arrangement, stamping
from registration.documents.arrangement import Sheets
from registration.errors import RegistrationError
from registration.models import Desk, Packet, Paper, PaperScan
from registration.services import packets, viewing
from registration.views import access, answers, desks


@require_safe
@never_cache
@xframe_options_sameorigin  # the window that opens the printing dialogue holds it
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # knows views without places
@access.may_act
def packet(request: HttpRequest, number: str, run: int) -> HttpResponse:
    """Show all papers of one print run, as the desk's printer wants them."""
    application = access.held(request, number)
    printed = get_object_or_404(Packet, application=application, run=run)
    viewing.note(application, "paper", by=access.officer(request))
    return streaming.whole(_arranged(printed, desks.used(request)), f"{number}-{run}.pdf")


@require_safe
@never_cache
@access.may_act
def window(request: HttpRequest, number: str, run: int) -> HttpResponse:
    """Show a print run in a window that opens the printing dialogue by itself."""
    application = access.held(request, number)
    printed = get_object_or_404(Packet, application=application, run=run)
    return render(request, "registration/print.html", {"case": application, "packet": printed})


@require_safe
@never_cache
@access.may_act
def label(request: HttpRequest, number: str) -> HttpResponse:
    """Show the label for the folder of a filed case."""
    application = access.case(request, number)
    try:
        pdf = packets.folder_label(application, by=access.officer(request))
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
        return answers.back(application)
    viewing.note(application, "label", by=access.officer(request))
    return streaming.whole(pdf, f"{number}-label.pdf")


@require_safe
@never_cache
@access.may_act
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    application = access.held(request, number)
    printed = get_object_or_404(Paper, application=application, pk=pk)
    viewing.note(application, "paper", by=access.officer(request))
    return _pdf(printed.sha256, f"{number}-{printed.kind}-{printed.copy}.pdf")


@require_safe
@never_cache
@access.may_act
def scan(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Show the scan of a paper as it was signed."""
    application = access.held(request, number)
    kept = get_object_or_404(PaperScan, paper__application=application, paper=pk)
    viewing.note(application, "scan", by=access.officer(request))
    return _pdf(kept.sha256, f"{number}-{kept.paper.kind}-{kept.paper.copy}-scan.pdf")


@require_safe
@never_cache
@access.may_act
def page(request: HttpRequest, number: str, pk: int, page: int) -> HttpResponse:
    """Show one page of a paper, to print a single sheet again."""
    application = access.held(request, number)
    printed = get_object_or_404(Paper, application=application, pk=pk)
    get_object_or_404(printed.pages, number=page)
    viewing.note(application, "paper", by=access.officer(request))
    sheet = stamping.single(store.get(printed.sha256), page)
    return streaming.whole(sheet, f"{number}-{printed.kind}-{printed.copy}-{page}.pdf")


def _arranged(printed: Packet, desk: Desk | None) -> bytes:
    pdf = store.get(printed.merged)
    if desk is None:
        return pdf
    papers = printed.papers.annotate(sheets=Count("pages")).order_by("position")
    order = arrangement.order(
        [Sheets(each.copy, each.sheets) for each in papers],
        by_copies=desk.print_order == Desk.PrintOrder.COPIES,
        duplex=desk.duplex,
    )
    return stamping.arranged(pdf, order)


def _pdf(sha256: str, name: str) -> HttpResponse:
    return streaming.whole(store.get(sha256), name)

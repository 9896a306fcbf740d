"""The record page and the files that leave it."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from archive import filing, pictures, store
from archive.forms.reasons import ReasonForm
from archive.models import CustodyEntry, Record, RecordEvent
from archive.models.custody import FOLDER
from archive.queries import checks, custody, disposals, holds
from archive.services import viewing
from archive.views import access, streaming


@never_cache
@access.may_see
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, number: int) -> HttpResponse:
    """Show a record; with a reason (POST) the person's numbers in full."""
    form = ReasonForm(request.POST or None)
    revealed = form.is_valid()
    by = access.viewer(request)
    try:
        if revealed:
            shown = viewing.reveal(number, by=by, reason=form.cleaned_data["reason"])
        else:
            shown = viewing.open_record(number, by=by)
    except viewing.RecordHiddenError as error:
        raise Http404 from error
    if shown.destroyed:
        return render(request, "archive/destroyed.html", _stub(shown))
    return render(request, "archive/record.html", _context(shown, form, revealed=revealed))


@never_cache
@access.may_take
@require_GET
def paper(request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    by = access.viewer(request)
    try:
        wanted = partial(streaming.wanted, request)
        return streaming.sent(viewing.download(number, file, wanted, by=by))
    except viewing.RecordHiddenError as error:
        raise Http404 from error
    except store.StoreError:
        return _damaged(request, number)


@never_cache
@access.may_take
@require_GET
def viewer(request: HttpRequest, number: int, file: int, page: int) -> HttpResponse:
    """Show a page of a paper beside the record; without scripts it is a page of its own."""
    try:
        shown = viewing.paper(number, file, by=access.viewer(request))
    except viewing.RecordHiddenError as error:
        raise Http404 from error
    if not 1 <= page <= shown.pages:
        raise Http404
    part = "_viewer" if request.headers.get("HX-Request") else "viewer"
    context = {"record": shown.record, "file": shown, "page": page}
    more = {"before": page - 1, "after": page + 1 if page < shown.pages else 0}
    return render(request, f"archive/{part}.html", context | more)


@never_cache
@access.may_take
@require_GET
def picture(request: HttpRequest, number: int, file: int, page: int) -> HttpResponse:
    """Send a page's picture; what cannot be shown is said in its place."""
    by = access.viewer(request)
    try:
        return HttpResponse(viewing.page(number, file, page, by=by), content_type="image/jpeg")
    except viewing.RecordHiddenError as error:
        raise Http404 from error
    except (store.StoreError, pictures.UnshowableError):
        return HttpResponse(status=410)


@never_cache
@access.may_take
@require_GET
def certificate(request: HttpRequest, number: int, certificate: int) -> HttpResponseBase:
    by = access.viewer(request)
    try:
        return streaming.sent(viewing.download_certificate(number, certificate, by=by))
    except viewing.RecordHiddenError as error:
        raise Http404 from error
    except store.StoreError:
        return _damaged(request, number)


def _damaged(request: HttpRequest, number: int) -> HttpResponse:
    messages.error(request, streaming.DAMAGED)
    return redirect("archive:record", number)


def _stub(shown: Record) -> dict[str, object]:
    """Return what is left of a record that was destroyed, and by which disposal."""
    item = disposals.destroyed_in(shown)
    outcome = Record.State(item.outcome).label if item else ""
    return {"record": shown, "outcome": outcome, "disposal": item.disposal if item else None}


def _context(shown: Record, form: ReasonForm, *, revealed: bool) -> dict[str, object]:
    events = list(shown.events.all())
    files = list(shown.files.all())
    return {
        "record": shown,
        "holds": holds.of_record(shown),
        "disposal": disposals.under_way(shown),
        "certificates": list(shown.certificates.all()),
        "form": form,
        "revealed": revealed,
        "files": files,
        "any_sealed": any(file.sealed for file in files),
        "signatures": list(filing.signed(shown.signatures, files)),
        "counted_anew": _last(events, RecordEvent.Kind.RETENTION),
        **_custody(shown),
        "events": events,
    }


def _custody(shown: Record) -> dict[str, object]:
    entries = custody.ledger(shown)
    holders = custody.holders(entries)
    return {
        "custody": entries,
        "holders": holders,
        "in_folder": bool(holders) and holders[0].kind == FOLDER,
        "missed": checks.missed(shown),
        "loan": custody.on_loan([shown]).first(),
        "destroyed": any(each.holder == CustodyEntry.Holder.DESTROYED for each in entries),
    }


def _last(events: list[RecordEvent], kind: str) -> RecordEvent | None:
    return next((event for event in reversed(events) if event.kind == kind), None)

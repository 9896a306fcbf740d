"""The record page and the files that leave it."""

import io
from collections.abc import Mapping

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from archive import store
from archive.filing import FiledSignature
from archive.forms.reasons import ReasonForm
from archive.models import CustodyEntry, Record, RecordEvent
from archive.models.custody import FOLDER
from archive.queries import checks, custody
from archive.services import viewing
from archive.views import access

INLINE = {"application/pdf"}  # what a browser shows by itself; everything else is saved


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
    return render(request, "archive/record.html", _context(shown, form, revealed=revealed))


@never_cache
@access.may_take
@require_GET
def paper(request: HttpRequest, number: int, file: int) -> HttpResponseBase:
    by = access.viewer(request)
    try:
        return _send(viewing.download(number, file, by=by))
    except viewing.RecordHiddenError as error:
        raise Http404 from error
    except store.StoreError:
        return _damaged(request, number)


@never_cache
@access.may_take
@require_GET
def certificate(request: HttpRequest, number: int, certificate: int) -> HttpResponseBase:
    by = access.viewer(request)
    try:
        return _send(viewing.download_certificate(number, certificate, by=by))
    except viewing.RecordHiddenError as error:
        raise Http404 from error
    except store.StoreError:
        return _damaged(request, number)


def _send(file: viewing.Download) -> FileResponse:
    return FileResponse(
        io.BytesIO(file.data),
        filename=file.name,
        content_type=file.media_type,
        as_attachment=file.media_type not in INLINE,
    )


def _damaged(request: HttpRequest, number: int) -> HttpResponse:
    sentence = _(
        "The stored file is missing or damaged, so it is not shown. Tell the administrator."
    )
    messages.error(request, sentence)
    return redirect("archive:record", number)


def _context(shown: Record, form: ReasonForm, *, revealed: bool) -> dict[str, object]:
    events = list(shown.events.all())
    files = list(shown.files.all())
    titles = {(file.kind, file.copy): file.title for file in files}
    return {
        "record": shown,
        "certificates": list(shown.certificates.all()),
        "form": form,
        "revealed": revealed,
        "files": files,
        "any_sealed": any(file.sealed for file in files),
        "signatures": [_signature(one, titles) for one in shown.signatures],
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


def _signature(one: FiledSignature, titles: Mapping[tuple[str, int], str]) -> dict[str, object]:
    """Give a signature its paper's title, and its day as a day."""
    title = titles.get((one["paper"], one["copy"]), one["paper"])
    return {**one, "title": title, "day": parse_date(one["signed_on"])}

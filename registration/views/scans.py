"""Stacks of scans: files taken in, how far they are read, what of them still waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registration import tasks
from registration.errors import RegistrationError
from registration.forms.scans import UploadForm
from registration.models import Sheet, Stack
from registration.queries import scans
from registration.services import stacks
from registration.views import access, answers, scan_sentences

NO_CONTENT = 204
_SHOWN = 50  # stacks, the latest first
_READING = (Stack.State.WAITING, Stack.State.READING)
_STATE = Sheet.State


@dataclass(frozen=True)
class Told:
    """A sheet with the page it shows and what is the matter with it."""

    sheet: Sheet
    page: str
    sentence: str
    reason: str  # of the print run that took its place


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.may_act
def scan_list(request: HttpRequest) -> HttpResponse:
    """Take files in (POST); show the office's stacks and what waits."""
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        return _taken(request, form.cleaned_data["file"])
    return render(request, "registration/scans/list.html", _listed(request) | {"form": form})


@require_safe
@never_cache
@access.may_act
def list_live(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/scans/_list.html", _listed(request))


@require_safe
@never_cache
@access.may_act
def stack(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "registration/scans/stack.html", _shown(of_office(request, pk)))


@require_safe
@never_cache
@access.may_act
def stack_live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer 204 while no page more was read than `?read=`; else the stack anew."""
    shown = _shown(of_office(request, pk))
    if shown["reading"] and request.GET.get("read") == str(shown["read"]):
        return HttpResponse(status=NO_CONTENT)
    return render(request, "registration/scans/_stack.html", shown)


@require_safe
@never_cache
@access.may_act
def content(request: HttpRequest, pk: UUID) -> HttpResponse | StreamingHttpResponse:
    """Give back a file that cannot be read."""
    one = of_office(request, pk)
    try:
        pieces = stacks.content(one, by=access.officer(request))
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
        return redirect("registration:scan_stack", pk)
    named = content_disposition_header(as_attachment=True, filename=one.name)
    kind = "application/octet-stream"
    return StreamingHttpResponse(
        pieces, content_type=kind, headers={"Content-Disposition": named or "attachment"}
    )


@require_POST
@access.may_act
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Destroy a file that cannot be read."""
    try:
        stacks.discard(of_office(request, pk), by=access.officer(request))
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
    return redirect("registration:scans")


def of_office(request: HttpRequest, pk: UUID) -> Stack:
    """Return the stack; Http404 where it is another office's."""
    return get_object_or_404(
        Stack.objects.select_related("office"), pk=pk, office=access.office(request)
    )


def told(sheets: Iterable[Sheet]) -> list[Told]:
    say = scan_sentences
    return [Told(each, say.named(each), say.of_sheet(each), say.reason(each)) for each in sheets]


def _taken(request: HttpRequest, files: Iterable[Any]) -> HttpResponseRedirect:
    """Take in each file; what one of them cannot be is said, the others go on."""
    by, office = access.officer(request), access.office(request)
    came = []
    for file in files:
        try:
            came.append(stacks.receive(file.name, file.chunks(), office, by=by))
        except RegistrationError as error:
            messages.error(request, f"{file.name}: {answers.refused(request, error)}")
    for each in came:
        tasks.hand_over(tasks.read_stack, each.pk)
    if len(came) == 1:
        return redirect("registration:scan_stack", came[0].pk)
    return redirect("registration:scans")


def _listed(request: HttpRequest) -> dict[str, Any]:
    office = access.office(request)
    shown = list(scans.stacks_of(office)[:_SHOWN])
    return {
        "stacks": [(each, scan_sentences.of_stack(each)) for each in shown],
        "to_confirm": scans.to_confirm(office).count(),
        "tray": scans.tray(office).count(),
    }


def _shown(one: Stack) -> dict[str, Any]:
    sheets = list(
        one.sheets.select_related(
            "stack", "page__paper__application", "behind__paper__application"
        ).order_by("number")
    )
    read = sum(not _is(each, _STATE.WAITING) for each in sheets)
    return {
        "stack": one,
        "sentence": scan_sentences.of_stack(one),
        "reading": one.state in _READING,
        "read": read,
        "percent": 100 * read // (one.pages or 1),
        "named": sorted((each for each in sheets if _counts(each)), key=_place),
        "tray": told(each for each in sheets if _is(each, _STATE.TRAY, _STATE.FAILED)),
        "refused": told(each for each in sheets if _is_refused(each)),
        "aside": told(each for each in sheets if _is(each, _STATE.SET_ASIDE)),
        "confirmed": sum(_is(each, _STATE.CONFIRMED) for each in sheets),
        "blank": sum(_is(each, _STATE.BLANK) for each in sheets),
    }


def _is(sheet: Sheet, *states: str) -> bool:
    return sheet.state in states


def _counts(sheet: Sheet) -> bool:
    return _is(sheet, _STATE.NAMED) and not scan_sentences.of_sheet(sheet)


def _is_refused(sheet: Sheet) -> bool:
    superseded_meanwhile = _is(sheet, _STATE.NAMED) and not _counts(sheet)
    return superseded_meanwhile or _is(sheet, _STATE.REFUSED)


def _place(sheet: Sheet) -> tuple[str, int, int]:
    """Sort case by case, in the order in which the papers are signed."""
    page = sheet.place
    assert page is not None  # noqa: S101 - only sheets of a paper come here
    return page.paper.application.number, page.paper.position, page.number

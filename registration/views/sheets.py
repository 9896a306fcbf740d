"""One scanned sheet: its picture, which page it is, set aside or taken instead of another."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registration.errors import RegistrationError
from registration.forms.scans import PageForm
from registration.models import Mark, Sheet
from registration.queries import scans
from registration.services import sheets
from registration.views import access, answers, scan_sentences

_STATE = Sheet.State
_ASIDE = (_STATE.NAMED, _STATE.TRAY, _STATE.REFUSED, _STATE.FAILED)


@require_safe
@never_cache
@access.may_act
def tray(request: HttpRequest) -> HttpResponse:
    """Lead to the first sheet of which a person must say what it is."""
    first = scans.tray(access.office(request)).first()
    if first is None:
        return redirect("registration:scans")
    return redirect("registration:sheet", first.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.may_act
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sheet; take in which page it is (POST), with what is expected beside it."""
    one = of_office(request, pk)
    expected = scans.awaited(access.office(request))
    covers = scans.covers(access.office(request))
    form = PageForm(request.POST or None, expected=expected, covers=covers)

    def act(typed: dict[str, Any]) -> None:
        by = access.officer(request)
        if typed["behind"]:
            sheets.put_behind(one, typed["behind"], by=by)
        else:
            page = typed["page"] or sheets.page_by_line(one, typed["line"])
            sheets.assign(one, page, by=by)

    if request.method == "POST" and answers.accepted(request, form, act):
        return _next(request, one)
    shown = {
        "sheet": one,
        "page": scan_sentences.named(one),
        "sentence": scan_sentences.of_sheet(one),
        "reason": scan_sentences.reason(one),
        "form": form if one.state == _STATE.TRAY else None,
        "expected": [(page, scan_sentences.named_page(page)) for page in expected],
        "covers": covers,
        "can_set_aside": one.state in _ASIDE,
        "can_take_instead": one.state == _STATE.SET_ASIDE and one.reason == "better-scan",
    }
    return render(request, "registration/scans/sheet.html", shown)


@require_POST
@access.may_act
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    one = of_office(request, pk)
    return _attempt(request, one, lambda: sheets.set_aside(one, by=access.officer(request)))


@require_POST
@access.may_act
def take_instead(request: HttpRequest, pk: int) -> HttpResponse:
    one = of_office(request, pk)
    return _attempt(request, one, lambda: sheets.take_instead(one, by=access.officer(request)))


@require_safe
@never_cache
@access.may_act
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole sheet, small; Http404 where its picture is the archive's alone."""
    one = of_office(request, pk)
    if not one.scanned:
        raise Http404
    return HttpResponse(sheets.preview(one), content_type="image/jpeg")


@require_safe
@never_cache
@access.may_act
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the picture of one place of a sheet."""
    office = access.office(request)
    found = get_object_or_404(
        Mark.objects.select_related("sheet"), pk=pk, sheet__stack__office=office
    )
    return HttpResponse(sheets.cut(found), content_type="image/png")


def of_office(request: HttpRequest, pk: int) -> Sheet:
    """Return the sheet; Http404 where it is another office's."""
    found = Sheet.objects.select_related(
        "stack__office", "page__paper__application", "behind__paper__application"
    )
    return get_object_or_404(found, pk=pk, stack__office=access.office(request))


def _attempt(request: HttpRequest, one: Sheet, act: Callable[[], object]) -> HttpResponseRedirect:
    try:
        act()
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
        return redirect("registration:sheet", one.pk)
    return _next(request, one)


def _next(request: HttpRequest, one: Sheet) -> HttpResponseRedirect:
    """Lead to the next sheet of the same stack that waits in the tray, else to the stack."""
    left = scans.tray(access.office(request)).filter(stack=one.stack).first()
    if left is None:
        return redirect("registration:scan_stack", one.stack_id)
    return redirect("registration:sheet", left.pk)

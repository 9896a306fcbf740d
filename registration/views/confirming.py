"""A paper's scanned sheets before the officer's eyes: what each picture shows is confirmed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from registration import tasks
from registration.forms import scans as forms
from registration.forms.scans import ConfirmationForm
from registration.models import Mark, Paper, Sheet, Stack
from registration.queries import scans
from registration.services import confirmations, viewing
from registration.services.confirmations import Word
from registration.views import access, answers
from registration.views import scans as scan_views

_SCANNED = (Sheet.State.NAMED, Sheet.State.CONFIRMED)


@dataclass(frozen=True)
class Picture:
    """A place of a sheet with the choice that belongs to it."""

    mark: Mark
    field: Any
    title: str
    sure: bool  # the machine has an answer


@require_safe
@never_cache
@access.may_act
def queue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead to the first paper of a stack that waits for confirmation."""
    return _next(scan_views.of_office(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.may_act
def paper(request: HttpRequest, pk: UUID, paper: int) -> HttpResponse:
    """Show what was scanned of a paper; take in what the officer saw (POST)."""
    stack, one = scan_views.of_office(request, pk), _of_office(request, paper)
    by = access.officer(request)
    sheets = list(scans.sheets_of(one, Sheet.State.NAMED).prefetch_related("marks"))
    form = _form(one, sheets, request.POST or None)

    def act(typed: dict[str, Any]) -> None:
        word = Word(form.answers(), typed["signed_on"], typed["place"], by)
        confirmations.confirm(one, typed["sheet"], word)

    if request.method == "POST" and answers.accepted(request, form, act):
        tasks.hand_over(tasks.keep_scan, one.pk)
        return _next(stack)
    if not sheets:
        return _next(stack)
    viewing.note(one.application, "scan", by=by)
    return render(request, "registration/scans/paper.html", _shown(stack, one, sheets, form))


def _of_office(request: HttpRequest, pk: int) -> Paper:
    found = Paper.objects.select_related("application__office")
    return get_object_or_404(
        found, pk=pk, application__office=access.office(request), superseded_at=None
    )


def _form(one: Paper, sheets: list[Sheet], data: Any) -> ConfirmationForm:
    marks = {mark: confirmations.choices(mark) for sheet in sheets for mark in sheet.marks.all()}
    initial = {"signed_on": timezone.localdate(), "place": one.application.office.place}
    return ConfirmationForm(
        data, marks=marks, sheets=[sheet.pk for sheet in sheets], initial=initial
    )


def _shown(stack: Stack, one: Paper, sheets: list[Sheet], form: ConfirmationForm) -> dict[str, Any]:
    seen = {sheet.page_id for sheet in scans.sheets_of(one, *_SCANNED)}
    return {
        "paper": one,
        "case": one.application,
        "form": form,
        "sheets": [(sheet, _pictures(sheet, form), _unseen(sheet)) for sheet in sheets],
        "missing": [page.number for page in one.pages.all() if page.pk not in seen],
        "others": scans.sheets_of(one, Sheet.State.SET_ASIDE).filter(reason="better-scan"),
        "left": scans.to_confirm(stack.office, stack).exclude(pk=one.pk).count(),
        "stack": stack,
    }


def _pictures(sheet: Sheet, form: ConfirmationForm) -> list[Picture]:
    found = []
    for mark in sheet.marks.all():
        sure = mark.answer in confirmations.choices(mark)
        found.append(Picture(mark, form[forms.name(mark)], forms.title(mark), sure))
    return found


def _unseen(sheet: Sheet) -> int:
    """Return how many changes of the print have no picture: of very many only the first have."""
    shown = sum(mark.kind == Mark.Kind.ALTERATION for mark in sheet.marks.all())
    return sheet.altered - shown


def _next(stack: Stack) -> HttpResponseRedirect:
    """Lead to the next paper of the stack that waits, else to the stack."""
    following = scans.to_confirm(stack.office, stack).first()
    if following is None:
        return redirect("registration:scan_stack", stack.pk)
    return redirect("registration:scan_paper", stack.pk, following.pk)

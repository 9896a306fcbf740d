"""Disposals: the list, a disposal with what comes next and by whom, its documents."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from archive import disposal as table
from archive import store, tasks
from archive.disposal import Item, State
from archive.forms.disposals import FORMS, StepForm
from archive.models import Disposal, DisposalStep
from archive.queries import disposals as found
from archive.services.disposal import disposal_documents, disposals
from archive.services.disposal.disposals import Destruction
from archive.services.disposal.holds import Person
from archive.views import access, acting, streaming

PAGE = 100  # records

may_see = access.needs("archive.view_disposal")

TITLES = {
    "propose": _("Proposal"),
    "decide": _("Review, record by record"),
    "conclude": _("List agreed"),
    "request": _("Request to the public archive"),
    "approve": _("Approval entered"),
    "confirm": _("Destruction confirmed"),
    "witness": _("Paper destroyed"),
    "destroy": _("Second member confirms"),
    "finish": _("Record of destruction"),
}
DOERS = {
    table.PROPOSE: _("archive clerk"),
    table.REVIEW: _("member of the commission"),
    table.CONFIRM: _("head of the archive"),
}
_ACTS: dict[str, Callable[[int, dict[str, Any], Person], object]] = {
    "conclude": lambda number, _said, by: disposals.conclude(number, by=by),
    "request": lambda number, _said, by: disposals.request(number, by=by),
    "approve": lambda number, said, by: disposals.approve(
        number, said["approval"], said["on"], without=said["without"].split("\n"), by=by
    ),
    "confirm": lambda number, said, by: disposals.confirm(number, said["typed"], by=by),
    "witness": lambda number, said, by: disposals.witness(
        number, Destruction(said["on"], said["way"]), by=by
    ),
    "destroy": lambda number, _said, by: disposals.destroy(number, by=by),
    "cancel": lambda number, said, by: disposals.cancel(number, said["reason"], by=by),
}


@never_cache
@may_see
@require_GET
def disposal_list(request: HttpRequest) -> HttpResponse:
    rows = Disposal.objects.prefetch_related("steps")
    shown = {
        "open": [(each, _waits_for(each)) for each in rows.filter(state__in=table.OPEN)],
        "ended": rows.filter(state__in=table.ENDED),
        "may_propose": request.user.has_perm(table.PROPOSE),
        "expired": found.expired(timezone.localdate()).count(),
    }
    return render(request, "archive/disposals/list.html", shown)


@never_cache
@may_see
@require_GET
def disposal(request: HttpRequest, number: int) -> HttpResponse:
    return _show(request, get_object_or_404(Disposal, pk=number))


@never_cache
@may_see
@require_POST
def disposal_step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Take a step; a refusal is a sentence on the disposal's page."""
    row = get_object_or_404(Disposal, pk=number)
    if step not in FORMS:
        raise Http404
    form, by = FORMS[step](request.POST), access.person(request)
    if not form.is_valid():
        return _show(request, row, step, form)
    said = form.cleaned_data
    if acting.went_well(request, lambda: _ACTS[step](row.pk, said, by)) and step == "destroy":
        tasks.begin_destruction(row.pk)
    return redirect("archive:disposal", number)


@never_cache
@may_see
@require_GET
def disposal_document(request: HttpRequest, number: int, document: int) -> HttpResponseBase:
    row = get_object_or_404(Disposal, pk=number)
    kept = get_object_or_404(row.documents, pk=document)
    try:
        name, data = disposal_documents.take_out(kept, by=access.person(request))
    except store.StoreError:
        messages.error(request, streaming.DAMAGED)
        return redirect("archive:disposal", number)
    return streaming.whole(data, name, kept.media_type)


def _show(
    request: HttpRequest, row: Disposal, step: str = "", bound: StepForm | None = None
) -> HttpResponse:
    offered = [each.name for each in found.offered(row, access.viewer(request))]
    items = row.items.select_related("record")
    standing = found.standing(row, timezone.localdate()) if row.state in table.OPEN else {}
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    shown = {
        "disposal": row,
        "rows": [(each, standing.get(each.record_id)) for each in page],
        "page": page,
        "counts": _counts(row),
        "obstructed": len(standing),
        "undecided": row.items.filter(state=Item.PENDING).exists(),
        "ripe": found.ripe(row, table.step("witness"), timezone.now()),
        "steps": _steps(row),
        "offered": offered,
        "forms": {
            name: bound if name == step else FORMS[name]() for name in offered if name in FORMS
        },
        "waits_for": _waits_for(row),
        "cancelled": row.steps.filter(name="cancel").first(),
        "documents": row.documents.all(),
    }
    return render(request, "archive/disposals/disposal.html", shown)


def _counts(row: Disposal) -> list[tuple[str, int]]:
    """Return how many records stand in which state, in the order of the states."""
    counted = found.counts(row)
    labels = dict(row.items.model.STATES)
    return [(str(labels[state]), counted[state]) for state in map(str, Item) if state in counted]


def _steps(row: Disposal) -> list[dict[str, object]]:
    """Return the whole way: each step, who takes it, who took it and when."""
    taken: dict[str, list[DisposalStep]] = {}
    for each in row.steps.all():
        taken.setdefault(each.name, []).append(each)
    ahead = _ahead(row)
    return [
        {
            "name": step.name,
            "title": TITLES[step.name],
            "doer": _doer(step),
            "taken": taken.get(step.name, []),
            "status": _status(step, ahead, taken),
        }
        for step in table.STEPS
        if step.name in TITLES
    ]


def _status(step: table.Step, ahead: list[str], taken: dict[str, list[DisposalStep]]) -> str:
    if step.name in ahead:
        return "current"
    return "done" if step.name in taken else "later"


def _ahead(row: Disposal) -> list[str]:
    """Return the steps that are next; while records are without a decision, that is the review."""
    steps = [step.name for step in table.leading_on(State(row.state)) if step.name in TITLES]
    if row.state != State.PROPOSED:
        return steps
    undecided = row.items.filter(state=Item.PENDING).exists()
    return ["decide"] if undecided else ["conclude"]


def _doer(step: table.Step) -> object:
    return DOERS[next(iter(step.rights))] if step.rights else ""


def _waits_for(row: Disposal) -> object:
    """Return who has to act now, in words; empty where nobody has."""
    return next((_doer(table.step(name)) for name in _ahead(row)), "")

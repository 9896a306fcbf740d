"""The tree of places: what there is, a new one, another name, another place to stand."""

from collections.abc import Sequence
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from archive.forms.places import MoveForm, NameForm, NewPlaceForm
from archive.models import Loan, Place, Record
from archive.queries import COUNTED, custody, offices
from archive.queries import places as found
from archive.services.paper import places as tree
from archive.views import access, acting

SHOWN = 200  # folders of one list


@never_cache
@access.may_keep
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Show the tree, and what waits: folders without a place, loans that are late."""
    viewer = access.viewer(request)
    shown = {
        "tree": found.tree(viewer),
        "waiting": found.unplaced(viewer)[: COUNTED + 1].count(),
        "counted": COUNTED,
        "overdue": custody.loans(viewer, only="overdue").count(),
        "lent": custody.loans(viewer).count(),
    }
    return render(request, "archive/places.html", shown)


@never_cache
@access.may_keep
@require_GET
def unplaced(request: HttpRequest) -> HttpResponse:
    """Show the folders that lie nowhere yet, those that wait longest first."""
    waiting = found.unplaced(access.viewer(request))
    shown = {"folders": with_loans(list(waiting[:SHOWN])), "total": waiting[: COUNTED + 1].count()}
    return render(request, "archive/unplaced.html", shown | {"counted": COUNTED})


@never_cache
@access.may_keep
@require_http_methods(["GET", "POST"])
def place_new(request: HttpRequest) -> HttpResponse:
    """Add places into the one that the address names (?in=), else a room."""
    parent = _parent(request)
    form = NewPlaceForm(parent, request.POST or None, own_office=_own_office(request))

    def add() -> None:
        said = form.cleaned_data
        added = tree.add(
            said["kind"],
            said["name"],
            parent=parent,
            by=access.viewer(request),
            office_code=form.office(),
            count=said["count"],
            **form.told(),
        )
        names = ", ".join(each.name for each in added)
        messages.success(request, _("Added: %(names)s.") % {"names": names})

    if acting.done(form, add):
        return redirect("archive:place", parent.pk) if parent else redirect("archive:places")
    return render(request, "archive/place_new.html", {"form": form, "parent": parent})


@never_cache
@access.may_keep
@require_http_methods(["GET", "POST"])
def place_edit(request: HttpRequest, place: int) -> HttpResponse:
    """Give a place another name or another place to stand, close or remove it."""
    row = get(request, place)
    act = request.POST.get("act", "")
    if act in _STEPS:
        return _step(request, row, act)
    both = _forms(request, row, act)
    form = both.get(act)
    if form and acting.done(form, lambda: _change(request, row, form)):
        return redirect("archive:place", row.pk)
    return render(request, "archive/place_edit.html", {"place": row, **both})


def with_loans(records: Sequence[Record]) -> list[tuple[Record, Loan | None]]:
    """Return each record with its open loan."""
    lent = {loan.record_id: loan for loan in custody.on_loan(records)}
    return [(each, lent.get(each.pk)) for each in records]


def get(request: HttpRequest, place: int) -> Place:
    """Return a place that may be seen; raise Http404 for another office's."""
    return get_object_or_404(found.visible_to(access.viewer(request)), pk=place)


def _parent(request: HttpRequest) -> Place | None:
    inside = request.GET.get("in", "")
    return get(request, int(inside)) if inside.isdecimal() else None


def _own_office(request: HttpRequest) -> str | None:
    viewer = access.viewer(request)
    return None if offices.sees_all(viewer) else offices.code(viewer)


def _forms(request: HttpRequest, place: Place, act: str) -> dict[str, forms.Form]:
    """Return both forms; the one that was sent holds what was typed."""
    sent = {act: request.POST}
    named = {"name": place.name, "years": place.years, "content": place.content}
    goals = found.can_hold(place.kind, access.viewer(request), place)
    return {
        "rename": NameForm(sent.get("rename"), initial=named),
        "move": MoveForm(goals, sent.get("move")),
    }


def _change(request: HttpRequest, place: Place, form: forms.Form) -> None:
    by = access.viewer(request)
    if isinstance(form, NameForm):
        tree.rename(place, form.cleaned_data["name"], by=by, **form.told())
    else:
        tree.move(place, form.cleaned_data["to"], by=by)


_STEPS = {"close": tree.close, "reopen": tree.reopen, "remove": tree.remove}


def _step(request: HttpRequest, place: Place, act: str) -> HttpResponse:
    done = _("%(place)s is removed.") % {"place": place.name} if act == "remove" else ""
    step = partial(_STEPS[act], place, by=access.viewer(request))
    if not acting.went_well(request, step, done) or act != "remove":
        return redirect("archive:place", place.pk)
    return (
        redirect("archive:place", place.parent_id)
        if place.parent_id
        else redirect("archive:places")
    )

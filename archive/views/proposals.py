"""Proposing a disposal: the records whose term has run out, and what stands in their way."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from archive.disposal import PROPOSE
from archive.forms.disposals import SelectionForm
from archive.models.disposals import OBSTACLES
from archive.models.records import SEALED
from archive.queries import disposals as found
from archive.services.disposal import disposals
from archive.views import access, acting

SHOWN = 200  # records; "all that fit" takes the others too


@never_cache
@access.needs("archive.view_disposal", PROPOSE)
@require_http_methods(["GET", "POST"])
def disposal_new(request: HttpRequest) -> HttpResponse:
    """Choose by GET; propose by POST what is ticked, or all that fits and nothing hinders."""
    form = SelectionForm(request.POST or request.GET)
    if request.method == "POST":
        number = _propose(request, form)
        if number:
            return redirect("archive:disposal", number)
    return _show(request, form)


def _propose(request: HttpRequest, form: SelectionForm) -> int | None:
    chosen = _free(form) if "all" in request.POST else _ticked(request)
    note, by = request.POST.get("note", ""), access.person(request)
    made: list[int] = []

    def act() -> None:
        made.append(disposals.propose(chosen, note=note, by=by).pk)

    went_well = acting.went_well(request, act, _("Proposed. A member of the commission is next."))
    return made[0] if went_well else None


def _ticked(request: HttpRequest) -> list[int]:
    return [int(each) for each in request.POST.getlist("record") if each.isdecimal()]


def _free(form: SelectionForm) -> list[int]:
    """Return all that fits and has nothing in its way."""
    today = timezone.localdate()
    rows = list(found.expired(today, form.selection()).defer(*SEALED))
    standing = found.obstacles(rows, today)
    return [each.pk for each in rows if each.pk not in standing]


def _show(request: HttpRequest, form: SelectionForm) -> HttpResponse:
    today = timezone.localdate()
    fitting = found.expired(today, form.selection())
    rows = list(fitting[:SHOWN])
    standing = found.obstacles(rows, today)
    ticked = set(_ticked(request))
    shown = {
        "form": form,
        "rows": [
            (each, OBSTACLES[standing[each.pk]] if each.pk in standing else "", each.pk in ticked)
            for each in rows
        ],
        "total": fitting.count(),
        "free": len(_free(form)),
        "summary": found.by_category(fitting),
        "note": request.POST.get("note", ""),
    }
    return render(request, "archive/disposals/new.html", shown)

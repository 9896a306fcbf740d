"""The page of a place: what is in it, folders put in and taken out one scan after another."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from archive.models import Place, Record
from archive.queries import checks
from archive.queries import places as found
from archive.queries.places import Thing
from archive.services.paper import places, shelving
from archive.views import access, acting, scanning
from archive.views.places import SHOWN, get, with_loans


@never_cache
@access.may_keep
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, place: int) -> HttpResponse:
    """Show a place; a scan (POST) puts into it, or with ?mode=out takes out of it."""
    row = get(request, place)
    mode = "out" if request.GET.get("mode") == "out" or row.closed_on else "in"
    if request.method == "POST":
        thing = scanning.read(request)
        to = _scanned(request, row, thing, mode) if thing else None
        return redirect(to or f"{scanning.address(row)}?mode={mode}")
    inside = found.contents(row)
    shown = {
        "place": row,
        "mode": mode,
        "places": inside.places,
        "folders": with_loans(inside.records[:SHOWN]),
        "total": len(inside.records),
        "checks": row.checks.exclude(finished_at=None)[:5],
        "open_check": row.checks.filter(finished_at=None).first(),
    }
    return render(request, "archive/place.html", shown)


def _scanned(request: HttpRequest, place: Place, thing: Thing, mode: str) -> str | None:
    """Do what the mode asks for; return where to go on, None to stay."""
    if thing == place:
        messages.info(request, _("This is the label of this very place."))
        return None
    if (
        isinstance(thing, Place)
        and Place.Kind(place.kind) not in Place.ABOVE[Place.Kind(thing.kind)]
    ):
        return scanning.address(thing)  # it cannot stand here: the clerk goes on with that one
    act = _put if mode == "in" else _take_out
    acting.went_well(request, partial(act, request, place, thing))
    return None


def _put(request: HttpRequest, place: Place, thing: Thing) -> None:
    before, by = checks.home(thing), access.viewer(request)
    if isinstance(thing, Record):
        moved = shelving.put(thing, place, by=by)
    else:
        moved = places.move(thing, place, by=by)
    told = {"thing": str(thing), "place": place.name, "before": before}
    if not moved:
        messages.info(request, _("%(thing)s is in %(place)s already.") % told)
    elif before:
        messages.success(request, _("%(thing)s is in %(place)s now; before: %(before)s.") % told)
    else:
        messages.success(request, _("%(thing)s is in %(place)s now.") % told)


def _take_out(request: HttpRequest, place: Place, thing: Thing) -> None:
    if isinstance(thing, Place) or thing.place_id != place.pk:
        _refuse_stranger(request, thing)
        return
    shelving.take_out(thing, by=access.viewer(request))
    sentence = _("%(thing)s is taken out and has no place now.")
    messages.success(request, sentence % {"thing": str(thing)})


def _refuse_stranger(request: HttpRequest, thing: Thing) -> None:
    """Say of what is not in the place where it is."""
    home = checks.home(thing)
    if home:
        sentence = _("%(thing)s is not from here but from there: %(home)s. Nothing was done.")
    else:
        sentence = _("%(thing)s is not from here; it has no place. Nothing was done.")
    messages.error(request, sentence % {"thing": str(thing), "home": home})

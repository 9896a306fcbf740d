"""The check of a place: everything in it is scanned, then the differences are named."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from archive.models import Place, PlaceCheck
from archive.queries import checks as found
from archive.queries import places as lying
from archive.services.paper import place_checks
from archive.views import access, acting
from archive.views.places import get


@never_cache
@access.may_keep
@require_http_methods(["GET", "POST"])
def place_check(request: HttpRequest, place: int) -> HttpResponse:
    """Show the open check of a place; take a scan, finish it or give it up (POST)."""
    row = get(request, place)
    check = row.checks.filter(finished_at=None).first()
    if request.method == "POST":
        return _posted(request, row, check)
    if check is None:
        return redirect("archive:place", row.pk)
    inside = lying.contents(row)
    shown = {
        "place": row,
        "check": check,
        "read": len(check.scanned),
        "expected": len(inside.places) + len(inside.records),
        "scans": [_told(request, row, each) for each in reversed(check.scanned[-12:])],
    }
    return render(request, "archive/place_check.html", shown)


@never_cache
@access.may_keep
@require_GET
def check(request: HttpRequest, place: int, check: int) -> HttpResponse:
    """Show what a finished check found, in the words of its day."""
    row = get(request, place)
    kept = get_object_or_404(row.checks.exclude(finished_at=None), pk=check)
    result = found.Difference(**dict(kept.result or {}))
    shown = {
        "place": row,
        "check": kept,
        "result": result,
        "returned": found.with_borrowers(result.returned),
        "lent": found.with_borrowers(result.lent),
    }
    return render(request, "archive/check.html", shown)


def _posted(request: HttpRequest, place: Place, check: PlaceCheck | None) -> HttpResponse:
    act = request.POST.get("act", "begin" if check is None else "scan")
    if act == "begin" or check is None:
        place_checks.begin(place, by=access.viewer(request))
        return redirect("archive:place_check", place.pk)
    went_well = acting.went_well(request, partial(_ACTS.get(act, _scan), request, place, check))
    if act == "abandon" or not went_well:
        return redirect("archive:place", place.pk)
    if act == "finish":
        return redirect("archive:check", place.pk, check.pk)
    return redirect("archive:place_check", place.pk)


def _scan(request: HttpRequest, place: Place, check: PlaceCheck) -> None:
    text = request.POST.get("code", "")
    if text.strip():
        reading = place_checks.scan(check, text, by=access.viewer(request))
        if reading.again:
            messages.info(
                request,
                _("%(thing)s was scanned already.") % {"thing": reading.thing or reading.text},
            )
        else:
            level, sentence = _judged(place, reading.thing, reading.text)
            messages.add_message(request, level, sentence)


def _finish(request: HttpRequest, _place: Place, check: PlaceCheck) -> None:
    place_checks.finish(check, by=access.viewer(request))


def _abandon(request: HttpRequest, _place: Place, check: PlaceCheck) -> None:
    place_checks.abandon(check, by=access.viewer(request))
    messages.info(request, _("The check is given up; nothing of it is kept."))


_ACTS: dict[str, Callable[[HttpRequest, Place, PlaceCheck], None]] = {
    "finish": _finish,
    "abandon": _abandon,
}


def _told(request: HttpRequest, place: Place, text: str) -> tuple[bool, str]:
    level, sentence = _judged(place, found.thing(text, access.viewer(request)), text)
    return level == messages.SUCCESS, sentence


def _judged(place: Place, thing: lying.Thing | None, text: str) -> tuple[int, str]:
    """Say at once where a scanned thing belongs."""
    if thing is None:
        return messages.ERROR, _("“%(text)s” is no label of this archive.") % {"text": text}
    home = found.home(thing)
    if home == place.path:
        return messages.SUCCESS, _("%(thing)s belongs here.") % {"thing": thing}
    if not home:
        return messages.ERROR, _("%(thing)s does not belong here; it has no place.") % {
            "thing": thing
        }
    told = {"thing": thing, "home": home}
    return messages.ERROR, _("%(thing)s does not belong here but there: %(home)s.") % told

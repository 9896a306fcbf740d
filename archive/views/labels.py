"""Labels: which, and from which place of the sheet on; then the sheet."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from archive import queries
from archive.models import Place, Record
from archive.queries import places as found
from archive.services.paper import labels as printed
from archive.views import access, streaming
from archive.views.places import SHOWN, get


@never_cache
@access.may_keep
@require_GET
def labels(request: HttpRequest) -> HttpResponse:
    """Show what can be labelled of a place (?place=), a record (?record=), else what waits."""
    subject = request.GET.get("place") or request.GET.get("record") or ""
    kind = "place" if request.GET.get("place") else "record" if request.GET.get("record") else ""
    counts = [(of, label, len(_wanted(request, of, subject))) for of, label in _OF[kind].items()]
    first = next((of for of, _label, count in counts if count), "")
    grid = printed.grid()
    shown = {"subject": subject, "choices": counts, "first": first, "grid": grid}
    return render(request, "archive/labels.html", shown | {"last": grid.size - 1})


@never_cache
@access.may_keep
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """Return the sheet of labels as PDF; `skip` labels of it are used up already."""
    of, subject = request.GET.get("of", ""), request.GET.get("subject", "")
    skip = request.GET.get("skip", "")
    things = _wanted(request, of, subject)
    if not things:
        raise Http404
    used = int(skip) if skip.isdecimal() else 0
    records = [each for each in things if isinstance(each, Record)]
    if records:
        pdf = printed.of_records(records, by=access.viewer(request), skip=used)
    else:
        pdf = printed.of_places([each for each in things if isinstance(each, Place)], skip=used)
    return streaming.whole(pdf, "labels.pdf")


_OF = {
    "place": {
        "itself": _("the place itself"),
        "places": _("what stands in it"),
        "folders": _("the folders in it"),
    },
    "record": {"record": _("the folder")},
    "": {"waiting": _("the folders without a place")},
}


def _wanted(request: HttpRequest, of: str, subject: str) -> Sequence[Record] | Sequence[Place]:
    """Return what is to be labelled; raise Http404 where the address names nothing."""
    viewer = access.viewer(request)
    if of == "waiting":
        return list(found.unplaced(viewer)[:SHOWN])
    if not subject.isdecimal():
        raise Http404
    if of == "record":
        return list(queries.visible_to(viewer).filter(pk=int(subject)))
    place = get(request, int(subject))
    inside = found.contents(place)
    if of == "folders":
        return inside.records
    return inside.places if of == "places" else [place]

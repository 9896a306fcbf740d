"""The commission's review: page after page of records, each accepted, rejected or put off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from archive.disposal import DECISIONS, REVIEW, Item, Obstacle
from archive.models import Disposal, DisposalItem
from archive.models.disposals import OBSTACLES
from archive.queries import disposals as found
from archive.services.disposal import disposals
from archive.services.disposal.disposals import Decision
from archive.views import access, acting

PAGE = 50  # records


@never_cache
@access.needs("archive.view_disposal", REVIEW)
@require_http_methods(["GET", "POST"])
def disposal_review(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is not decided yet (or, asked for, what is); write what was said of it."""
    row = get_object_or_404(Disposal, pk=number)
    items = _items(row, decided="decided" in request.GET)
    if request.method == "POST":
        said = _said(request, items)
        by = access.person(request)
        done = _("Written down: %(count)s.") % {"count": len(said)}
        if acting.went_well(request, lambda: disposals.decide(row.pk, said, by=by), done):
            ended = redirect("archive:disposal", number)
            return redirect(request.get_full_path()) if _left(row) else ended
    return _show(request, row, items)


def _items(row: Disposal, *, decided: bool) -> list[DisposalItem]:
    items = row.items.select_related("record")
    of_state = items.filter(state__in=DECISIONS if decided else [Item.PENDING])
    return list(of_state[:PAGE])


def _left(row: Disposal) -> bool:
    return row.items.filter(state=Item.PENDING).exists()


def _said(request: HttpRequest, items: list[DisposalItem]) -> dict[int, Decision]:
    """Read the word on each record that the page showed; "rest" accepts those without one."""
    rest = Item.ACCEPTED.value if "rest" in request.POST else ""
    shown = set(request.POST.getlist("shown"))
    seen = [each.pk for each in items if str(each.pk) in shown]
    words = {number: request.POST.get(f"state-{number}", rest) for number in seen}
    return {
        number: Decision(Item(word), request.POST.get(f"reason-{number}", ""))
        for number, word in words.items()
        if word in DECISIONS
    }


def _words(obstacle: Obstacle | None) -> object:
    return OBSTACLES[obstacle] if obstacle else ""


def _show(request: HttpRequest, row: Disposal, items: list[DisposalItem]) -> HttpResponse:
    standing = found.obstacles([each.record for each in items], timezone.localdate(), within=row.pk)
    shown = {
        "disposal": row,
        "rows": [
            {
                "item": each,
                "obstacle": _words(standing.get(each.record_id)),
                "state": request.POST.get(f"state-{each.pk}", each.state),
                "reason": request.POST.get(f"reason-{each.pk}", each.reason),
            }
            for each in items
        ],
        "decided": "decided" in request.GET,
        "counts": found.counts(row),
        "offered": [each.name for each in found.offered(row, access.viewer(request))],
    }
    return render(request, "archive/disposals/review.html", shown)

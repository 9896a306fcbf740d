"""The pages of the list of categories: what is in force, what is being written, what to apply."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archive import tasks
from archive.forms import categories as forms
from archive.forms.reasons import WhyForm
from archive.models import CategoryList
from archive.queries import keeping
from archive.services.keeping import applying
from archive.services.keeping import categories as service
from archive.views import access, acting

_LISTS = "archive:categories"


@access.may_see_list
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Show the list in force, the draft, the earlier versions, and what stands under these."""
    current = keeping.list_on(timezone.localdate())
    lists = list(CategoryList.objects.order_by("-number"))
    others = keeping.under_others(current).count() if current else 0
    shown = {
        "current": current,
        "lines": keeping.table(current) if current else [],
        "draft": next((each for each in lists if each.state == CategoryList.State.DRAFT), None),
        "lists": lists,
        "others": others,
        "running": keeping.applications().first(),
        "form": WhyForm(),
    }
    return render(request, "archive/categories/categories.html", shown)


@access.may_see_list
@require_safe
def category_list(request: HttpRequest, version: int) -> HttpResponse:
    """Show a version; a draft with what can be done with it."""
    named = get_object_or_404(CategoryList, number=version)
    shown = {
        "named": named,
        "lines": keeping.table(named),
        "uncovered": keeping.uncovered(named),
        "mine": named.author == access.viewer(request).get_username(),
    }
    return render(request, "archive/categories/version.html", shown)


@access.may_write_list
@require_POST
def categories_begin(request: HttpRequest) -> HttpResponse:
    act = partial(service.begin, by=access.viewer(request))
    done = _("The next version is a copy of the last one: write what changes.")
    if not acting.went_well(request, act, done):
        return redirect(_LISTS)
    return redirect("archive:categories_write", CategoryList.objects.order_by("-number")[0].number)


@access.may_write_list
@require_http_methods(["GET", "HEAD", "POST"])
def categories_write(request: HttpRequest, version: int) -> HttpResponse:
    """Write a draft; after saving there is room for one category more."""
    named = get_object_or_404(CategoryList, number=version, state=CategoryList.State.DRAFT)
    head_said, lines_said = forms.of(named)
    head = forms.ListForm(request.POST or None, initial=head_said)
    lines = forms.LinesFormSet(request.POST or None, initial=lines_said)
    if request.method == "POST" and head.is_valid() and lines.is_valid():
        written = forms.written(head, lines)
        act = partial(service.write, version, written, by=access.viewer(request))
        acting.went_well(request, act, _("The version is saved."))
        return redirect("archive:category_list", version)
    shown = {"named": named, "head": head, "lines": lines}
    return render(request, "archive/categories/write.html", shown)


@access.may_approve_list
@require_POST
def categories_put_in_force(request: HttpRequest, version: int) -> HttpResponse:
    """Put a version in force as it was `seen`: the moment when it was written last."""
    seen = parse_datetime(request.POST.get("seen", "")) or timezone.now()
    act = partial(service.put_in_force, version, seen, by=access.viewer(request))
    acting.went_well(request, act, _("The version counts from its day on."))
    return redirect("archive:category_list", version)


@access.may_write_list
@require_POST
def categories_discard(request: HttpRequest, version: int) -> HttpResponse:
    act = partial(service.discard, version, by=access.viewer(request))
    acting.went_well(request, act, _("The version is discarded."))
    return redirect(_LISTS)


@access.may_apply_list
@require_POST
def categories_apply(request: HttpRequest) -> HttpResponse:
    """Begin to apply the list in force for a reason, or go on; each click takes the next records.

    A worker goes on by itself where there is one.
    """
    running = keeping.applications().first()
    if running is None:
        reason = request.POST.get("reason", "")
        act = partial(applying.start, reason, by=access.viewer(request))
        if not acting.went_well(request, act, _("The list is being applied.")):
            return redirect(_LISTS)
        running = keeping.applications()[0]
    if applying.go_on(running.pk):
        tasks.begin_applying()
    return redirect(_LISTS)

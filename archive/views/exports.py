"""Taking records out of the archive: ordered with a reason, fetched as one file, deleted."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from archive import queries, tasks
from archive.forms.exports import ExportForm
from archive.forms.search import SearchForm
from archive.queries import offices
from archive.services.moving import orders
from archive.services.moving.selections import SelectionError
from archive.views import access, remembered

LATEST = 50


@never_cache
@access.may_export
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Show what was taken out; take an order (POST). `?s=` is the key of a search that was made."""
    query = _searched(request)
    form = ExportForm(
        request.POST or None,
        searched=query is not None,
        everything=offices.sees_all(access.viewer(request)),
    )
    if request.method == "POST" and form.is_valid() and _ordered(request, form, query):
        return redirect("archive:exports")
    shown = orders.visible_to(access.viewer(request))[:LATEST]
    return render(request, "archive/exports.html", {"form": form, "exports": shown})


@never_cache
@access.may_export
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, export: UUID) -> HttpResponseBase:
    """Hand out the file; delete it (POST)."""
    by = access.viewer(request)
    wanted = get_object_or_404(orders.visible_to(by), pk=export)
    try:
        if request.method == "POST":
            orders.delete(wanted, by=by)
            messages.success(request, _("The file was deleted."))
            return redirect("archive:exports")
        fetched = orders.fetch(wanted, by=by)
    except orders.NotReadyError:
        messages.error(request, _("There is no file of this export now."))
        return redirect("archive:exports")
    return FileResponse(fetched.path.open("rb"), as_attachment=True, filename=fetched.name)


def _ordered(request: HttpRequest, form: ExportForm, query: queries.SearchQuery | None) -> bool:
    selection = form.selection(query)
    try:
        export = orders.order(
            selection, reason=form.cleaned_data["reason"], by=access.viewer(request)
        )
    except SelectionError as fault:
        form.add_error(None, _sentence(fault))
        return False
    tasks.begin_export(export)
    messages.success(request, _("The file is being written; it appears in the list below."))
    return True


def _sentence(fault: SelectionError) -> str:
    if fault.reason == "unknown":
        return _("No record has these file numbers: %(numbers)s. Correct the list.") % {
            "numbers": ", ".join(fault.numbers)
        }
    return _("No record fits, so there is nothing to take out.")


def _searched(request: HttpRequest) -> queries.SearchQuery | None:
    """Return the search that was made before, if its key is known."""
    key = request.POST.get("s") or request.GET.get("s") or ""
    typed = remembered.recall(request.session, key)
    form = SearchForm(typed)
    if typed is None or not form.is_valid() or form.query().empty:
        return None
    return form.query()

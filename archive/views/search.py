"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from archive import queries
from archive.forms.search import SearchForm
from archive.services import viewing
from archive.views import access, remembered

LIMIT = 50
LATEST = 10
REASONS = {
    "name": _("name"),
    "jmbg": _("JMBG"),
    "document_number": _("card number"),
    "case_number": _("case number"),
    "file_number": _("file number"),
    "serial": _("serial number"),
    "officer": _("officer"),
    "office": _("office"),
    "paper": _("paper"),
    "kind": _("kind of case"),
    "state": _("outcome"),
    "note": _("note"),
    "nearly": _("similar name"),
    "decided_on": _("decided on"),
    "filed_on": _("filed on"),
    "valid_from": _("certificate valid from"),
    "valid_until": _("certificate valid until"),
}


@never_cache
@access.may_see
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take a search by POST and show it by GET under a key, so that "back" works."""
    if request.method == "POST":
        return _take(request)
    typed = remembered.recall(request.session, request.GET.get("s", ""))
    if typed is None:
        return _show(request, SearchForm(), _latest(request), searched=False)
    form = SearchForm(typed)
    form.is_valid()
    return _show(request, form, _found(request, form), searched=True)


def _take(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _show(request, form, queries.SearchPage(()), searched=False)
    query = form.query()
    address = reverse("archive:search")
    if query.empty:
        return redirect(address)
    viewing.note_search(query, by=access.viewer(request))
    typed = {name: str(form.data.get(name, "")) for name in form.fields}
    return redirect(f"{address}?s={remembered.remember(request.session, typed)}")


def _found(request: HttpRequest, form: SearchForm) -> queries.SearchPage:
    return queries.search(form.query(), limit=LIMIT, viewer=access.viewer(request))


def _latest(request: HttpRequest) -> queries.SearchPage:
    return queries.latest(limit=LATEST, viewer=access.viewer(request))


def _show(
    request: HttpRequest, form: SearchForm, page: queries.SearchPage, *, searched: bool
) -> HttpResponse:
    rows = [(hit.record, [REASONS[name] for name in hit.reasons]) for hit in page.hits]
    fields = [field for field in form if field.name != "box"]
    context = {
        "form": form,
        "fields": fields,
        "open": any(field.value() or field.errors for field in fields),
        "page": page,
        "rows": rows,
        "searched": searched,
        "counted": queries.COUNTED,
    }
    return render(request, "archive/search.html", context)

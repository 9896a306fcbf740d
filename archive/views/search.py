"""The search page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from archive import queries
from archive.forms.search import SearchForm
from archive.models import SavedSearch
from archive.queries import holds
from archive.services import audit, viewing
from archive.views import access, remembered, scanning

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
    "place": _("place"),
    "paper": _("paper"),
    "kind": _("kind of case"),
    "state": _("outcome"),
    "note": _("note"),
    "decided_on": _("decided on"),
    "filed_on": _("filed on"),
    "valid_from": _("certificate valid from"),
    "valid_until": _("certificate valid until"),
}


@never_cache
@access.may_see
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Take a search by POST and show its hits; by GET under their key, so that "back" works."""
    if request.method == "POST":
        return _take(request)
    key = request.GET.get("s", "")
    typed = remembered.recall(request.session, key)
    if typed is None:
        viewing.note_latest(by=access.viewer(request))
        latest = queries.latest(limit=LATEST, viewer=access.viewer(request))
        return _show(request, SearchForm(), {"page": latest})
    form = SearchForm(typed)
    return _hits(request, form, key) if form.is_valid() else _show(request, form, {})


def ask(request: HttpRequest, form: SearchForm) -> str:
    """Log a search and remember it, in one commit; return its key."""
    with audit.transaction():
        viewing.note_search(form.query(), by=access.viewer(request))
        return remembered.remember(request.session, form.typed())


def address(key: str) -> str:
    return f"{reverse('archive:search')}?s={key}"


def _take(request: HttpRequest) -> HttpResponse:
    typed = {
        name: text for name, text in request.POST.items() if name != request.POST.get("without")
    }
    form = SearchForm(typed)
    if not form.is_valid():
        return _show(request, form, {})
    query = form.query()
    leads = scanning.led(request, query.box)
    if leads:
        return redirect(leads)
    return redirect("archive:search") if query.empty else _hits(request, form, ask(request, form))


def _hits(request: HttpRequest, form: SearchForm, key: str) -> HttpResponse:
    shown = {"searched": True, "key": key, "address": address(key), **_found(request, form)}
    return _show(request, form, shown)


def _found(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    query, viewer, turn = form.query(), access.viewer(request), _turn(request)
    if turn != queries.Turn():
        viewing.note_search(query, by=viewer, turn=turn)
    page = queries.search(query, limit=LIMIT, viewer=viewer, turn=turn)
    meant = () if page.hits else queries.similar(query, viewer=viewer)
    return {"page": page, "meant": [_suggestion(form, each) for each in meant]}


def _turn(request: HttpRequest) -> queries.Turn:
    after, before = (request.GET.get(name, "") for name in ("after", "before"))
    return queries.Turn(_number(after), _number(before))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _suggestion(form: SearchForm, meant: queries.SearchQuery) -> dict[str, Any]:
    """Give what may have been meant in words, and as the form would be sent."""
    changed = {"box": meant.box, "name": meant.name}
    words = " ".join(text for text in changed.values() if text)
    return {"words": words, "typed": form.typed() | {k: v for k, v in changed.items() if v}}


def _show(request: HttpRequest, form: SearchForm, shown: Mapping[str, Any]) -> HttpResponse:
    page = shown.get("page", queries.SearchPage(()))
    fields = [field for field in form if field.name != "box"]
    valid = form.is_bound and form.is_valid()
    context = {
        "form": form,
        "fields": fields,
        "blank": not any(field.data for field in fields),  # the same for everybody
        "open": any(field.errors for field in fields),
        "chips": form.said() if valid else [],
        "rows": [(hit.record, [REASONS[name] for name in hit.reasons]) for hit in page.hits],
        "counted": queries.COUNTED,
        "due_holds": holds.due_for(access.viewer(request), timezone.localdate()),
        "saved": list(SavedSearch.objects.filter(owner=access.viewer(request).get_username())),
        "exports": [("csv", "CSV"), ("xlsx", "XLSX")],
    }
    return render(request, "archive/search.html", {**context, **shown})

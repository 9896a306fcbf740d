"""Searches that are kept, and hits that leave as a file."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from archive import queries, spreadsheets
from archive.forms.search import NameForm, SearchForm
from archive.models import Record, SavedSearch
from archive.services import searches, viewing
from archive.spreadsheets import Column
from archive.views import access, remembered, search, streaming


@never_cache
@access.may_see
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search that is shown under a name."""
    typed = _typed(request)
    if typed is None:
        return _long_ago(request)
    form = NameForm(request.POST)
    if form.is_valid():
        _save(request, form.cleaned_data["called"], typed)
    else:
        messages.error(request, _("Give the search a name before you save it."))
    return _back(request)


@never_cache
@access.may_see
@require_POST
def run(request: HttpRequest, number: int) -> HttpResponse:
    """Ask a kept search again."""
    form = SearchForm(_own(request, number).typed)
    if not form.is_valid():
        messages.error(request, _("This search no longer fits the form. Fill it in anew."))
        return redirect("archive:search")
    return redirect(search.address(search.ask(request, form)))


@never_cache
@access.may_see
@require_POST
def forget(request: HttpRequest, number: int) -> HttpResponse:
    name = _own(request, number).name
    searches.forget(number, by=access.viewer(request))
    messages.success(request, _("The search “%(name)s” is no longer kept.") % {"name": name})
    return redirect("archive:search")


@never_cache
@access.may_take_list
@require_POST
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Hand out all hits as a file; who took how many is logged before the first one leaves."""
    typed = _typed(request)
    if form not in spreadsheets.TYPES:
        raise Http404
    if typed is None:
        return _long_ago(request)
    asked = SearchForm(typed)
    if not asked.is_valid():
        return _back(request)
    query, viewer = asked.query(), access.viewer(request)
    if form == "xlsx" and queries.count(query, viewer=viewer) > spreadsheets.MOST_ROWS:
        messages.error(request, _("A sheet has no room for that many files. Take CSV."))
        return _back(request)
    viewing.note_export(query, form, by=viewer)
    return _file(form, map(_row, queries.every(query, viewer=viewer)))


def _file(form: str, rows: Iterator[spreadsheets.Row]) -> HttpResponseBase:
    """Send the rows while they are read."""
    made = spreadsheets.written(form, _("Archive"), _columns(), rows)
    name = f"archive-{timezone.localtime():%Y%m%d-%H%M}.{form}"
    kind = spreadsheets.TYPES[form]
    headers = {"Content-Disposition": streaming.disposition(name, kind)}
    return StreamingHttpResponse(made, content_type=kind, headers=headers)


def _typed(request: HttpRequest) -> dict[str, str] | None:
    """Return what the search that is shown was, or None when it is long ago."""
    return remembered.recall(request.session, request.POST.get("s", ""))


def _long_ago(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("That search was long ago. Search once more."))
    return redirect("archive:search")


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('archive:search')}?s={request.POST['s']}")


def _own(request: HttpRequest, number: int) -> SavedSearch:
    try:
        return searches.of(number, by=access.viewer(request))
    except searches.SearchNotFoundError as error:
        raise Http404 from error


def _save(request: HttpRequest, name: str, typed: dict[str, str]) -> None:
    try:
        searches.save(name, typed, by=access.viewer(request))
    except searches.TooManySearchesError:
        messages.error(request, _("You keep as many searches as there is room for. Delete one."))
    else:
        messages.success(request, _("The search is kept as “%(name)s”.") % {"name": name})


def _columns() -> list[Column]:
    return [
        Column(_("Surname"), 24),
        Column(_("Given name"), 20),
        Column(_("JMBG"), 16),
        Column(_("File number"), 16),
        Column(_("Case number"), 14),
        Column(_("Kind of case"), 30),
        Column(_("Outcome"), 14),
        Column(_("Decided"), 13),
        Column(_("Office"), 10),
    ]


def _row(record: Record) -> spreadsheets.Row:
    return (
        record.surname,
        record.given_name,
        record.masked_jmbg,
        record.file_number,
        record.shown_case_number,
        record.get_kind_display(),
        record.get_state_display(),
        record.decided_on,
        record.office_code,
    )

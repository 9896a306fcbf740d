"""The pages of the arhivska knjiga: by year, closed, cancelled, remarked, taken along."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from archive.forms.book import EntryForm
from archive.forms.reasons import WhyForm
from archive.models import Book, BookEntry
from archive.queries import book as found
from archive.services.keeping import book as service
from archive.services.keeping import book_files
from archive.views import access, acting, streaming


@access.may_see_book
@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """Show whose books there are; where it is one, that one."""
    rows = list(found.visible_to(access.viewer(request)))
    if len(rows) == 1:
        return redirect("archive:book", rows[0].pk)
    return render(request, "archive/book/books.html", {"books": rows})


@access.may_see_book
@require_safe
def book(request: HttpRequest, book: int) -> HttpResponse:
    """Show a book, or one year of it (`?year=`)."""
    row = _book(request, book)
    years, year = found.years(row), _year(request)
    lines = found.lines(row, year)
    shown = {
        "book": row,
        "years": years,
        "year": year,
        "this_year": timezone.localdate().year,
        "columns": _titles(),
        "lines": [(line, book_files.cells(line)) for line in lines],
        "waiting": [each for each in years if each.waiting and year in (None, each.year)],
        "consent_missing": any(not line.consent for line in lines),
    }
    return render(request, "archive/book/book.html", shown)


@access.may_see_book
@require_safe
def book_file(request: HttpRequest, book: int, form: str) -> HttpResponse:
    """Give the book as "pdf", "csv" or "xlsx"; who took it is logged."""
    row, year, by = _book(request, book), _year(request), access.viewer(request)
    if form not in ("pdf", "csv", "xlsx"):
        raise Http404
    if form == "pdf":
        file = book_files.printed(row, year, by=by)
    else:
        file = book_files.table(row, year, form, by=by)
    return streaming.whole(file.data, file.name, file.media_type)


@access.may_write_book
@require_POST
def book_close(request: HttpRequest, book: int, year: int) -> HttpResponse:
    row = _book(request, book)
    act = partial(service.close, row.office_code, year, by=access.viewer(request))
    done = _("The year %(year)s is closed; its entries have their numbers.") % {"year": year}
    acting.went_well(request, act, done)
    return redirect("archive:book", row.pk)


@access.may_write_book
def book_entry(request: HttpRequest, entry: int) -> HttpResponse:
    """Show an entry, and write its place and remark (POST)."""
    row = _entry(request, entry)
    written = {"place": row.place, "remark": row.remark}
    form = EntryForm(request.POST or None, initial=written)
    if form.is_valid():
        service.annotate(row.pk, **form.cleaned_data, by=access.viewer(request))
        return redirect("archive:book", row.book_id)
    return _shown(request, row, form, WhyForm())


@access.may_write_book
@require_POST
def book_cancel(request: HttpRequest, entry: int) -> HttpResponse:
    row, form = _entry(request, entry), WhyForm(request.POST)
    if not form.is_valid():
        written = {"place": row.place, "remark": row.remark}
        return _shown(request, row, EntryForm(initial=written), form)
    reason = form.cleaned_data["reason"]
    act = partial(service.cancel, row.pk, reason, by=access.viewer(request))
    done = _("Entry %(number)s is cancelled; its records wait for another one.")
    acting.went_well(request, act, done % {"number": row.number})
    return redirect("archive:book", row.book_id)


def _shown(request: HttpRequest, row: BookEntry, form: EntryForm, cancel: WhyForm) -> HttpResponse:
    (line,) = (each for each in found.lines(row.book, row.year) if each.entry == row)
    gone = ngettext("%(count)d record is gone", "%(count)d records are gone", line.gone)
    told = {
        "line": line,
        "entry": row,
        "form": form,
        "cancel": cancel,
        "pairs": list(zip(_titles(), book_files.cells(line), strict=True)),
        "gone": gone % {"count": line.gone} if line.gone else "",
    }
    return render(request, "archive/book/entry.html", told)


def _titles() -> list[str]:
    return [str(title) for title, _width in book_files.COLUMNS]


def _book(request: HttpRequest, number: int) -> Book:
    return get_object_or_404(found.visible_to(access.viewer(request)), pk=number)


def _entry(request: HttpRequest, number: int) -> BookEntry:
    books = found.visible_to(access.viewer(request))
    rows = BookEntry.objects.select_related("book", "category__list")
    return get_object_or_404(rows, pk=number, book__in=books)


def _year(request: HttpRequest) -> int | None:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == len("2026") else None

"""Loans: a folder lent by revers, the list of what is out, the return by scanning."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from archive import queries
from archive.forms.loans import LoanForm, ProlongForm
from archive.models import Loan, Record, RecordFile
from archive.queries import checks, custody
from archive.services.paper import loans as lending
from archive.services.paper import reverses
from archive.views import access, acting, scanning, streaming

SHOWN = 200
LISTS = ("open", "overdue", "returned")


@never_cache
@access.may_keep
@require_http_methods(["GET", "POST"])
def loans(request: HttpRequest) -> HttpResponse:
    """List what is lent; a scan (POST) takes it back."""
    if request.method == "POST":
        thing = scanning.read(request)
        if isinstance(thing, Record):
            acting.went_well(request, partial(_give_back, request, thing))
        elif thing:
            messages.error(request, _("This is the label of a place. Scan the folder's."))
        return redirect("archive:loans")
    viewer, only = access.viewer(request), request.GET.get("show", "open")
    only = only if only in LISTS else "open"
    listed = custody.loans(viewer, only=only)
    counts = {name: custody.loans(viewer, only=name).count() for name in LISTS}
    shown = {"loans": listed[:SHOWN], "only": only, "counts": counts, "total": counts[only]}
    return render(request, "archive/loans.html", shown)


@never_cache
@access.may_keep
@require_http_methods(["GET", "POST"])
def lend(request: HttpRequest, number: int) -> HttpResponse:
    """Lend a folder or a copy out of it; then its revers is printed."""
    record = get_object_or_404(queries.visible_to(access.viewer(request)), pk=number)
    kept = record.files.filter(retained=True, edition=RecordFile.Edition.PRINTED)
    form = LoanForm(list(kept), request.POST or None)
    made: list[Loan] = []

    def act() -> None:
        made.append(lending.lend(record, form.terms(), by=access.viewer(request)))

    if acting.done(form, act):
        return redirect("archive:loan", made[0].pk)
    loan = custody.on_loan([record]).first()
    return render(request, "archive/lend.html", {"record": record, "form": form, "loan": loan})


@never_cache
@access.may_keep
@require_http_methods(["GET", "POST"])
def loan(request: HttpRequest, loan: int) -> HttpResponse:
    """Show a loan with its revers; give it more time (POST)."""
    row = _get(request, loan)
    form = ProlongForm(request.POST or None)

    def act() -> None:
        said = form.cleaned_data
        lending.prolong(row, said["due_on"], said["reason"], by=access.viewer(request))

    if acting.done(form, act):
        return redirect("archive:loan", row.pk)
    home = checks.home(row.record)
    return render(request, "archive/loan.html", {"loan": row, "form": form, "home": home})


@never_cache
@access.may_keep
@require_GET
def revers(request: HttpRequest, loan: int) -> HttpResponse:
    row = _get(request, loan)
    return streaming.whole(reverses.pdf(row), f"revers-{row.number}-{row.year}.pdf")


def _get(request: HttpRequest, loan: int) -> Loan:
    seen = Loan.objects.filter(record__in=queries.visible_to(access.viewer(request)))
    return get_object_or_404(seen.select_related("record__place"), pk=loan)


def _give_back(request: HttpRequest, record: Record) -> None:
    loan = lending.give_back(record, by=access.viewer(request))
    home = checks.home(record)
    told = {"thing": loan.what or record, "number": loan, "who": loan.who, "home": home}
    if home:
        sentence = _("Returned: %(thing)s, revers %(number)s, %(who)s. Its place: %(home)s.")
    else:
        sentence = _("Returned: %(thing)s, revers %(number)s, %(who)s. It has no place yet.")
    messages.success(request, sentence % told)

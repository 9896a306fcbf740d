"""The manager's reports, inside of the administration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from archive import spreadsheets
from registration.forms.reports import FORMS, NowForm
from registration.models import Application
from registration.queries import offices
from registration.reports import files, table, writing
from registration.reports.catalogue import REPORTS
from registration.reports.files import Download
from registration.reports.scope import Row, Scope
from registration.reports.table import Report
from registration.services import exports
from registration.views import access

_MOST_IN_ADDRESS = 300  # case numbers; web servers cut addresses that are longer


@dataclass(frozen=True)
class Asked:
    """A report with its filters as somebody set them."""

    report: Report
    form: NowForm
    query: str  # the filters as an address carries them

    def scope(self) -> Scope:
        start, end = self.form.span()
        return Scope(start, end, tuple(office.pk for office in self.form.offices()))

    def about(self) -> list[tuple[str, str]]:
        """Return what was asked, in words."""
        start, end = (writing.day(each) for each in self.form.span())
        names = "; ".join(str(office) for office in self.form.offices())
        return [
            (_("Report"), str(self.report.title)),
            (_("Period"), start if start == end else f"{start} – {end}"),
            (_("Office"), names if self.form.narrow else _("All offices")),
            (_("Made on"), f"{timezone.localtime():%d.%m.%Y. %H:%M}"),
        ]


@require_safe
@access.may_report
def index(request: HttpRequest) -> HttpResponse:
    return _page(request, "index", {"title": _("Reports"), "reports": REPORTS.values()})


@require_safe
@never_cache
@access.may_report
def show(request: HttpRequest, code: str) -> HttpResponse:
    asked = _asked(request, code)
    shown: dict[str, Any] = {"title": asked.report.title, "asked": asked, "valid": False}
    if asked.form.is_valid():
        shown |= _table(asked)
    return _page(request, "report", shown)


@require_safe
@never_cache
@access.may_report
def cases(request: HttpRequest, code: str) -> HttpResponse:
    """List the cases that one row of a report is made of, by their numbers."""
    asked = _asked(request, code)
    if not asked.form.is_valid():
        return redirect(_address("report", asked))
    rows = asked.report.rows(asked.scope())
    lines = {line.key: line for line in table.lines(asked.report, rows)}
    key = request.GET.get("row", "")
    if key not in lines:
        raise Http404
    numbers = next(row.numbers for row in rows if row.key == key)
    found = Application.objects.filter(number__in=numbers).select_related("office")
    shown = {"title": asked.report.title, "asked": asked, "row": lines[key].title}
    listed = {"cases": found.defer("applicant").order_by("number"), "changelist": _listed(numbers)}
    return _page(request, "cases", shown | listed)


@require_safe
@never_cache
@access.may_report
def export(request: HttpRequest, code: str, suffix: str) -> HttpResponse:
    """Hand out the rows as a file, and note who took them."""
    asked = _asked(request, code)
    if not asked.form.is_valid():
        return redirect(_address("report", asked))
    rows = asked.report.rows(asked.scope())
    made = _file(asked, rows, suffix)
    filters = {**asked.form.filters(), "format": suffix}
    exports.note(code, filters=filters, rows=len(rows), by=access.officer(request))
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.data, content_type=made.media_type, headers=headers)


def _asked(request: HttpRequest, code: str) -> Asked:
    report = REPORTS.get(code)
    if report is None:
        raise Http404
    user = access.officer(request)
    given = {name: str(value) for name, value in request.GET.items() if name != "row"}
    own = user.office_id is not None
    form = FORMS[report.asks](given, overseen=offices.overseen_by(user), own=own)
    return Asked(report, form, urlencode(given))


def _table(asked: Asked) -> dict[str, Any]:
    scope = asked.scope()
    rows = asked.report.rows(scope)
    return {
        "valid": True,
        "about": asked.about(),
        "lines": list(table.lines(asked.report, rows)),
        "totals": table.totals(asked.report, rows),
        "charts": [chart for chart in asked.report.charts(rows, scope) if chart.marks],
    }


def _file(asked: Asked, rows: Sequence[Row], suffix: str) -> Download:
    name = f"overa-{asked.report.code}-{timezone.localdate():%Y-%m-%d}.{suffix}"
    if suffix == "csv":
        return Download(name, spreadsheets.CSV_TYPE, files.as_csv(asked.report, rows))
    data = files.as_xlsx(asked.report, rows, asked.about())
    return Download(name, spreadsheets.XLSX_TYPE, data)


def _address(name: str, asked: Asked) -> str:
    return reverse(f"admin:{name}", args=[asked.report.code]) + f"?{asked.query}"


def _listed(numbers: tuple[str, ...]) -> str:
    """Return the address of the same cases in the administration's list, where it can hold them."""
    if len(numbers) > _MOST_IN_ADDRESS:
        return ""
    query = urlencode({"number__in": ",".join(numbers)})
    return f"{reverse('admin:registration_application_changelist')}?{query}"


def _page(request: HttpRequest, name: str, shown: Mapping[str, Any]) -> HttpResponse:
    frame = admin.site.each_context(request)
    return render(request, f"registration/reports/{name}.html", {**frame, **shown})

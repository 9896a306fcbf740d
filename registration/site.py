"""The administration as Overa has it: Django's own, with the manager's reports in it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

from registration.reports.catalogue import REPORTS
from registration.views import access, reports


class OveraSite(AdminSite):
    site_title = site_header = "Overa"
    index_title = _("Overview")

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Refuse before the administration sends people without the right to its login."""
        address, export = "reports/<slug:code>/", self._page(reports.export)
        return [
            path("reports/", self._page(reports.index), name="reports"),
            path(address, self._page(reports.show), name="report"),
            path(f"{address}cases/", self._page(reports.cases), name="report_cases"),
            path(f"{address}csv/", export, {"suffix": "csv"}, name="report_csv"),
            path(f"{address}xlsx/", export, {"suffix": "xlsx"}, name="report_xlsx"),
            *super().get_urls(),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Put the reports before the tables, on the first page and beside every other."""
        listed = super().get_app_list(request, app_label)
        if app_label is None and request.user.has_perm("registration.view_reports"):
            return [_reports(), *listed]
        return listed

    def _page(self, view: Any) -> Any:
        return access.may_report(self.admin_view(view))


def _reports() -> dict[str, Any]:
    """Describe the reports as if they were an application's tables to look at."""
    return {
        "name": _("Reports"),
        "app_label": "reports",
        "app_url": reverse("admin:reports"),
        "has_module_perms": True,
        "models": [
            {
                "name": report.title,
                "object_name": report.code,
                "admin_url": reverse("admin:report", args=[code]),
                "add_url": None,
                "view_only": True,
                "perms": {"view": True},
            }
            for code, report in REPORTS.items()
        ],
    }

"""The administration as Overa has it: Django's own, with the manager's reports in it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

from registration.reports.catalogue import REPORTS
from registration.views import access, bodies, reports

_TITLE = _("Certification bodies")


class OveraSite(AdminSite):
    site_title = site_header = "Overa"
    index_title = _("Overview")

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Refuse before the administration sends people without the right to its login."""
        address, export = "reports/<slug:code>/", self._page(reports.export)
        of_bodies = access.may_see_bodies
        return [
            path("reports/", self._page(reports.index), name="reports"),
            path(address, self._page(reports.show), name="report"),
            path(f"{address}cases/", self._page(reports.cases), name="report_cases"),
            path(f"{address}csv/", export, {"suffix": "csv"}, name="report_csv"),
            path(f"{address}xlsx/", export, {"suffix": "xlsx"}, name="report_xlsx"),
            path("bodies/", of_bodies(self.admin_view(bodies.show)), name="bodies"),
            path("bodies/ask/", of_bodies(self.admin_view(bodies.ask)), name="bodies_ask"),
            *super().get_urls(),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Put our own pages before the tables, on the first page and beside every other."""
        listed = super().get_app_list(request, app_label)
        if app_label is not None:
            return listed
        own = (("registration.view_bodyhealth", _bodies), ("registration.view_reports", _reports))
        return [*(describe() for right, describe in own if request.user.has_perm(right)), *listed]

    def _page(self, view: Any) -> Any:
        return access.may_report(self.admin_view(view))


def _bodies() -> dict[str, Any]:
    address = reverse("admin:bodies")
    return _group("bodies", _("Connections"), address, [("bodies", _TITLE, address)])


def _reports() -> dict[str, Any]:
    pages = [
        (code, report.title, reverse("admin:report", args=[code]))
        for code, report in REPORTS.items()
    ]
    return _group("reports", _("Reports"), reverse("admin:reports"), pages)


def _group(
    label: str, name: Any, address: str, pages: list[tuple[str, Any, str]]
) -> dict[str, Any]:
    """Describe pages (code, title, address) as if they were an application's tables to look at."""
    return {
        "name": name,
        "app_label": label,
        "app_url": address,
        "has_module_perms": True,
        "models": [
            {
                "name": title,
                "object_name": code,
                "admin_url": page,
                "add_url": None,
                "view_only": True,
                "perms": {"view": True},
            }
            for code, title, page in pages
        ],
    }

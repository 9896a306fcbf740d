"""The manager's day: reports with their filters, the cases behind a number, files to take along."""

import pytest
from pytest_django.live_server_helper import LiveServer

from archive.models import AuditEvent
from registration.reports.catalogue import REPORTS
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser

pytestmark = pytest.mark.browser

LISTS = ("application", "issuance", "certificate", "desk")


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_a_manager_reads_reports_and_lists(live_server: LiveServer, language: str) -> None:
    filed.office()
    with chromium.browser() as manager:
        people.log_in(manager, live_server.url, "manager", language)
        manager.shot("manager-cases")
        read_reports(manager, live_server.url)
        follow_a_number(manager, live_server.url)
        look_through_lists(manager, live_server.url)


def read_reports(manager: Browser, address: str) -> None:
    manager.follow('nav a[href="/admin/"]')
    manager.shot("administration")
    for code in REPORTS:
        manager.open(f"{address}/admin/reports/{code}/")
        assert manager.see("table")
        manager.shot(f"report-{code}")
        for suffix in ("csv", "xlsx"):
            status, _kind, size = manager.fetch(manager.link(suffix))
            assert (status, size > 20) == (200, True)
    assert AuditEvent.objects.filter(event="report.export").count() == 2 * len(REPORTS)


def follow_a_number(manager: Browser, address: str) -> None:
    manager.open(f"{address}/admin/reports/issued/")
    manager.follow("td a")
    assert manager.all("tbody tr")
    manager.shot("report-cases")


def look_through_lists(manager: Browser, address: str) -> None:
    for name in LISTS:
        manager.open(f"{address}/admin/registration/{name}/")
        assert manager.all("#result_list tbody tr"), name
        manager.shot(f"list-{name}")
        manager.follow("#result_list tbody th a")
        assert manager.all("input[type=submit]") == [], name
        manager.shot(f"row-{name}")
    manager.open(f"{address}/admin/archive/record/")
    assert len(manager.all("#result_list tbody tr")) == 3
    manager.shot("list-record")

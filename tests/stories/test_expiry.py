"""What becomes of a certificate: its status as the body publishes it, and the notice of its end."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from archive.models import Record
from registration import ca
from registration.models import Application, Certificate, PublishedStatus
from registration.services import notices, published
from tests.registration import making
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser

pytestmark = pytest.mark.browser

LISTS = ("certificate", "notice")


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_an_office_follows_what_it_issued(
    live_server: LiveServer, settings: LazySettings, language: str
) -> None:
    body = f"{live_server.url}/authority"
    section = {**settings.OVERA["STATUS"], "OCSP": f"{body}/ocsp", "CRL": f"{body}/issuing.crl"}
    settings.OVERA = {**settings.OVERA, "STATUS": section}
    officer, desk = filed.place()
    case = making.filed(officer, desk)
    published.read(timezone.now())
    with chromium.browser() as browser:
        people.log_in(browser, live_server.url, "officer", language)
        read_each_state(browser, live_server.url, case, settings)
        send_letters(browser, live_server.url)
    with chromium.browser() as manager:
        people.log_in(manager, live_server.url, "manager", language)
        look_through_lists(manager, live_server.url)


def read_each_state(
    browser: Browser, address: str, case: Application, settings: LazySettings
) -> None:
    """Show it valid, then one suspended, then neither told any more."""
    at_case = f"{address}/cases/{case.number}/"
    browser.open(at_case)
    unfold(browser)
    assert states(browser) == ["valid", "valid"]
    signing = case.certificates.get(role="signing")
    ca.connect(settings.OVERA).revoke(int(signing.serial, 16), "certificateHold", timezone.now())
    read_again()
    browser.open(at_case)
    unfold(browser)
    assert states(browser) == ["suspended", "valid"]
    browser.shot("status")
    settings.OVERA["STATUS"] |= {"OCSP": "http://127.0.0.1:1/", "CRL": ""}
    read_again()
    browser.open(at_case)
    unfold(browser)
    assert states(browser) == ["unknown", "unknown"]
    browser.shot("status-unknown")
    record = Record.objects.get(reference=case.record_reference)
    browser.open(f"{address}/archive/records/{record.pk}/")
    assert states(browser) == ["unknown", "unknown"]
    browser.shot("status-record")


def unfold(browser: Browser) -> None:
    browser.chrome.execute_script(
        "document.querySelectorAll('[data-step=issue] details').forEach(e => e.open = true)"
    )


def states(browser: Browser) -> list[str]:
    return [str(each.get_attribute("data-published")) for each in browser.all("[data-published]")]


def read_again() -> None:
    PublishedStatus.objects.update(checked_at=timezone.now() - timedelta(days=1))
    published.read(timezone.now())


def send_letters(browser: Browser, address: str) -> None:
    Certificate.objects.update(ends_on=timezone.localdate() + timedelta(days=20))
    notices.prepare(timezone.now())
    browser.open(f"{address}/cases/")
    browser.follow("a[data-action=notices]")
    browser.shot("letters")
    browser.follow("[data-action=print-letters]")
    browser.shot("letters-printed")
    status, kind, _size = browser.fetch(str(browser.see("[data-runs] a").get_attribute("href")))
    assert (status, kind) == (200, "application/pdf")


def look_through_lists(manager: Browser, address: str) -> None:
    for name in LISTS:
        manager.open(f"{address}/admin/registration/{name}/")
        assert manager.all("#result_list tbody tr"), name
        manager.shot(f"list-{name}")
    manager.open(f"{address}/admin/reports/expiring/")
    manager.shot("report-expiring")

"""Paper on its way: into a box, to a court and back, and what a look into the box finds.

Everything after the log-in but a few forms is done by a scanner, which types and presses Enter.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import ActionChains

from archive.models import Loan, Place, PlaceCheck, Record
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_a_folder_goes_into_a_box_to_a_court_and_back(
    live_server: LiveServer, language: str
) -> None:
    filed.office()
    first, second, third = Record.objects.order_by("filed_at")
    with chromium.browser() as clerk:
        people.log_in(clerk, live_server.url, "clerk", language)
        build_shelves(clerk)
        put_into_the_box(clerk, first, second)
        scan_what_is_none(clerk)
        lend(clerk, first)
        take_back(clerk, first)
        check_the_box(clerk, second, third)


def scan(clerk: Browser, *codes: str) -> None:
    """Type as a scanner does: into whatever has the focus, without waiting for the page."""
    keys = ActionChains(clerk.chrome)
    for code in codes:
        keys.send_keys(f"{code}\n")
    keys.perform()


def build_shelves(clerk: Browser) -> None:
    clerk.leave("places")
    clerk.shot("places-none")
    clerk.leave("new-room")
    clerk.write("name", "Соба 2")
    clerk.leave("add")
    for kind, name, count in (("shelf", "Полица А", "1"), ("box", "Кутија 1", "3")):
        clerk.follow("#tree details[open] li a, #tree li a" if kind == "shelf" else "#places a")
        clerk.leave("new-place")
        clerk.see(f"select[name=kind] option[value={kind}]").click()
        clerk.write("name", name)
        clerk.write("count", count)
        clerk.shot(f"place-new-{kind}")
        clerk.leave("add")
    clerk.leave("labels")
    clerk.choose("of", "places")
    clerk.shot("labels")
    query = f"?of=places&subject={Place.objects.get(kind='shelf').pk}&skip=3"
    assert clerk.fetch(f"/archive/labels/sheet/{query}")[:2] == (200, "application/pdf")


def put_into_the_box(clerk: Browser, *folders: Record) -> None:
    box = Place.objects.get(name="Кутија 1")
    clerk.leave("places")
    clerk.leave("unplaced")
    clerk.shot("folders-without-a-place")
    scan(clerk, box.code)
    clerk.see('[data-action="mode-in"]')
    clerk.click("h1")  # the focus is lost; what is scanned still arrives
    scan(clerk, *(each.folder_code for each in folders))
    clerk.until(lambda: clerk.all("#folder-count")[0].text == "2")
    assert set(box.records.all()) == set(folders)
    clerk.shot("box")


def scan_what_is_none(clerk: Browser) -> None:
    scan(clerk, "F00000000000")
    clerk.see(".alert-danger")
    clerk.shot("box-wrong-scan")


def lend(clerk: Browser, record: Record) -> None:
    clerk.leave("places")
    scan(clerk, record.folder_code)
    clerk.see("#custody")
    clerk.shot("record-in-a-box")
    clerk.leave("lend-open")
    clerk.write("borrower", "Марко Савић")
    clerk.write("institution", "Основни суд у Београду")
    clerk.write("purpose", "увид по наредби К. 112/26")
    clerk.shot("lend")
    clerk.leave("lend")
    clerk.shot("loan")
    assert clerk.fetch(clerk.link("revers"))[:2] == (200, "application/pdf")


def take_back(clerk: Browser, record: Record) -> None:
    late = timezone.localdate() - timedelta(days=3)
    Loan.objects.update(lent_on=late - timedelta(days=30), due_on=late)
    clerk.leave("loans")
    clerk.follow('[data-action="overdue"]')
    assert len(clerk.all("tr[data-overdue]")) == 1
    clerk.shot("loans-overdue")
    scan(clerk, record.folder_code)
    clerk.until(lambda: "Кутија 1" in clerk.see(".alert-success").text)
    assert Loan.objects.get().returned_at
    clerk.shot("loan-returned")
    scan(clerk, record.folder_code)
    clerk.see(".alert-danger")


def check_the_box(clerk: Browser, missing: Record, strange: Record) -> None:
    box = Place.objects.get(name="Кутија 1")
    here = box.records.exclude(pk=missing.pk).get()
    clerk.leave("places")
    scan(clerk, box.code)
    clerk.leave("check")
    scan(clerk, here.folder_code, strange.folder_code, "F00000000000")
    clerk.until(lambda: len(clerk.all("#scans li")) == 3)
    clerk.shot("box-check")
    clerk.leave("finish")
    assert clerk.see("#missing").text == missing.file_number
    assert clerk.see("#elsewhere").text.startswith(strange.file_number)
    assert clerk.see("#unknown").text == "F00000000000"
    clerk.shot("box-check-result")
    assert PlaceCheck.objects.get().result["present"] == 1
    clerk.leave("places")
    clerk.shot("places")

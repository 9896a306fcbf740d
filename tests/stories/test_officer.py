"""One case in the browser, from the officer's login to the file in the archive."""

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from archive.models import AuditEvent, Record
from registration.management import walk
from registration.models import Application, Certificate
from tests.leaks import search
from tests.stories import chromium, people
from tests.stories.chromium import Browser
from tests.stories.office import PIN, Office

pytestmark = [pytest.mark.stack, pytest.mark.card, pytest.mark.browser]


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_a_case_from_login_to_the_archive(office: Office, language: str) -> None:
    with chromium.browser() as officer, chromium.browser() as citizen:
        people.log_in(officer, office.stack.address, "officer", language)
        open_case(officer)
        print_and_sign(officer)
        issue(officer, citizen, office)
        hand_over_and_file(officer)
        find_in_the_archive(officer)
    require_pin_nowhere(office)


def open_case(officer: Browser) -> None:
    officer.shot("cases-empty")
    officer.click('a[href$="/cases/new/"]')
    officer.do("read")
    officer.see('[data-reading="filled"]')
    assert officer.value("surname") == "Ђорђевић"
    officer.write("phone", "064 123 4567")
    officer.choose("email_choice", "yes")
    officer.write("certificate_email", walk.EMAIL)
    officer.shot("new-case")
    officer.click("[data-primary]")
    officer.wait_for_step("identity")
    officer.shot("identity")
    officer.do("identity")
    officer.wait_for_step("print")


def print_and_sign(officer: Browser) -> None:
    officer.do("print")
    with officer.other_window():
        papers = str(officer.see("iframe#papers").get_attribute("src"))
        assert officer.fetch(papers)[:2] == (200, "application/pdf")
    officer.wait_for_step("signatures")
    officer.shot("signatures")
    officer.do("tick-all")
    officer.do("sign")
    officer.wait_for_step("issue")


def issue(officer: Browser, citizen: Browser, office: Office) -> None:
    officer.choose("option", "1")
    officer.write("email", walk.EMAIL)
    officer.shot("issue")
    officer.do("issue")

    citizen.open(office.screen())
    citizen.see('body[data-state="choose"]')
    citizen.shot("citizen-choose")
    officer.see('[data-point="pin"]')
    officer.shot("making")
    citizen.see("#pin").send_keys(PIN.decode())
    citizen.see("#again").send_keys(PIN.decode())
    citizen.click("#confirm")
    citizen.see('body[data-state="done"]')
    citizen.shot("citizen-done")
    officer.wait_for_step("handover")


def hand_over_and_file(officer: Browser) -> None:
    officer.shot("handover")
    officer.do("receipt")
    with officer.other_window():
        officer.see("iframe#papers")
    officer.see('#handover [value="receipt:1"]')
    officer.do("tick-all")
    officer.do("hand-over")
    officer.do("file")
    officer.see('[data-action="next"]')
    officer.shot("filed")


def find_in_the_archive(officer: Browser) -> None:
    officer.click('a[href$="/archive/"]')
    serials = Certificate.objects.values_list("serial", flat=True)
    for words in ("djordjevic", "Милица Ђорђевић", "0101990610020", *serials):
        officer.write("box", words)
        officer.leave("search")
        assert officer.see("tbody tr[data-record] a").text == "Ђорђевић Милица"
    officer.shot("archive")
    officer.click("tbody tr[data-record] a")
    officer.see("tr[data-paper]")
    officer.shot("record")
    assert len(officer.chrome.find_elements(By.CSS_SELECTOR, "tr[data-paper]")) == 6
    assert Record.objects.get().case_number == Application.objects.get().number
    assert AuditEvent.objects.filter(stream="views.071", event="viewed").exists()


def require_pin_nowhere(office: Office, pin: bytes = PIN) -> None:
    """Search database, broker, journals and every program's output; only the chip knows the PIN."""
    database = search.dumped(office.stack.folder / "database")
    names = {path.name for path in search.files(office.stack.folder)}
    assert {database.name, "journal.sqlite3", "desk.log", "worker.log", "web.log"} <= names
    held = search.holding(pin, office.stack.folder)
    assert [path for path in held if path.name != "card.json"] == []
    assert Application.objects.all()[0].number.encode() in database.read_bytes()
    assert list(Path(office.stack.folder / "redis").rglob("*.aof"))

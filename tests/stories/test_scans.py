"""The day's signed papers in the browser: one mixed stack of three cases, one page late."""

import base64
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from registration import tasks
from registration.models import Application, Page, Paper, PaperScan, Sheet, Signature, Stack
from registration.queries import papers
from registration.services import stacks
from tests.intake import files
from tests.pages import counter
from tests.scans import copier
from tests.stories import chromium, people
from tests.stories.chromium import Browser
from tests.stories.office import Office, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.card, pytest.mark.browser]

LATE = ("contract", 1, 2)  # stays on the desk when the stack is scanned
READING = 180.0  # seconds for 36 pages on a machine that does much else
DROP = """
    const bytes = Uint8Array.from(atob(arguments[1]), (each) => each.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], arguments[0], {type: "application/pdf"}));
    const form = document.querySelector("form[data-drop] label");
    form.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
"""
AGAIN = ("contract", 2)  # is printed again after it was signed


def test_a_mixed_stack_of_three_cases(office: Office, tmp_path: Path) -> None:
    cases = [counter.checked(office.officer, office.desk) for _each in range(3)]
    rng = np.random.default_rng(71)
    with chromium.browser() as officer:
        people.log_in(officer, office.stack.address, "officer")
        superseded = print_all(officer, office, cases)
        stack, late = stacked(rng, cases, superseded)
        scan(officer, office, tmp_path / "stack.pdf", stack)
        set_aside(officer, "superseded")
        confirm_all(officer)
        see_what_is_missing(officer, office, cases[0])
        drop(officer, office, "late.pdf", files.pdf([late]))
        confirm_all(officer)
        see_all_signed(officer, office, cases)
    require_all_kept(cases)


def test_a_killed_worker_loses_no_page(office: Office) -> None:
    case = counter.printed(office.officer, office.desk)
    rng = np.random.default_rng(72)
    pictures = [copier.scanned(rng, copier.filled(rng, page)) for page in copier.pages(case)]
    stack = stacks.receive("stack.pdf", [files.pdf(pictures)], case.office, by=office.officer)
    tasks.read_stack.delay(str(stack.pk))
    wait_for(lambda: stack.sheets.filter(state="named").count() >= 2, READING)
    for name in (each for each in office.stack.children if each.startswith("scans-")):
        office.kill(name)
        office.revive(name)
    assert stack.sheets.filter(state="waiting").exists()
    tasks.read_stack.delay(str(stack.pk))  # as the sweep does after two minutes
    wait_for(lambda: Stack.objects.filter(pk=stack.pk, state="read").exists(), READING)
    assert stack.sheets.filter(state="named").count() == len(pictures)


def print_all(officer: Browser, office: Office, cases: Iterable[Application]) -> Page:
    """Print every case, and one paper of the last one twice; return a page of its first print."""
    for case in cases:
        officer.open(f"{office.stack.address}cases/{case.number}/")
        officer.do("print")
        with officer.other_window():
            officer.see("iframe#papers")
        officer.wait_for_step("signatures")
    kind, copy = AGAIN
    first = Page.objects.get(paper__application=case, paper__kind=kind, paper__copy=copy, number=2)
    officer.click('[data-step="print"] summary')
    officer.do("reprint-open")
    officer.choose("papers", str(first.paper_id))
    officer.write("reason", "Кафа на папиру")
    officer.leave("reprint")
    return first


def stacked(rng: Generator, cases: Iterable[Application], superseded: Page) -> tuple[bytes, bytes]:
    """Return the whole day's stack, any order, some backs scanned too, and the page left out."""
    sheets, late = [copier.scanned(rng, copier.filled(rng, superseded))], b""
    for number, case in enumerate(cases):
        for page in copier.pages(case):
            picture = copier.scanned(rng, copier.filled(rng, page))
            if number == 0 and (page.paper.kind, page.paper.copy, page.number) == LATE:
                late = picture
            else:
                sheets.append(picture)
    sheets += [files.encoded(files.blank(rng, 150), "JPEG", 150) for _back in range(3)]
    rng.shuffle(sheets)
    return files.pdf(sheets), late


def scan(officer: Browser, office: Office, path: Path, data: bytes) -> None:
    """Choose the scanner's file."""
    path.write_bytes(data)
    officer.open(f"{office.stack.address}scans/")
    show(officer, "scans-first")
    officer.see('input[type="file"]').send_keys(str(path))
    be_read(officer, path.name)
    show(officer, "scan-stack")


def drop(officer: Browser, office: Office, name: str, data: bytes) -> None:
    """Drag the scanner's file onto the page."""
    officer.open(f"{office.stack.address}scans/")
    show(officer, "scans")
    officer.see("form[data-drop]")
    officer.chrome.execute_script(DROP, name, base64.b64encode(data).decode())
    be_read(officer, name)


def be_read(officer: Browser, name: str) -> None:
    officer.see("#stack")
    wait_for(lambda: Stack.objects.filter(name=name, state="read").exists(), READING)
    officer.see('#stack[data-state="read"]')


def set_aside(officer: Browser, reason: str) -> None:
    officer.follow(f'[data-reason="{reason}"] p a')
    show(officer, "sheet-superseded")
    officer.leave("set-aside")


def confirm_all(officer: Browser) -> None:
    """Look at each paper and press one key."""
    officer.follow("#id_confirm")
    show(officer, "scan-paper")
    while officer.all("#confirmation"):
        answer_open(officer)
        press_enter(officer)
    officer.see('#stack[data-state="closed"]')


def answer_open(officer: Browser) -> None:
    """Say what the machine was not sure of: all boxes are signed, all options are the first."""
    for mark in officer.all("[data-mark][data-unsure]"):
        key = {"option": "", "alteration": "n"}.get(str(mark.get_attribute("data-kind")), "s")
        if key:
            officer.see("body").send_keys(key)
        else:
            mark.find_element(By.CSS_SELECTOR, 'input[value="1"]').click()
    officer.chrome.execute_script("document.getElementById('id_confirm').focus()")


def press_enter(officer: Browser) -> None:
    officer.chrome.execute_script("window.seen = true")
    officer.see("#id_confirm:focus").send_keys(Keys.ENTER)
    officer.gone()


def see_what_is_missing(officer: Browser, office: Office, case: Application) -> None:
    officer.open(f"{office.stack.address}cases/{case.number}/")
    officer.wait_for_step("signatures")
    row = '[data-scanned="contract-1"]'
    assert officer.see(f'{row} [data-page="1"]').get_attribute("data-state") == "confirmed"
    assert officer.see(f'{row} [data-page="2"]').get_attribute("data-state") == "missing"
    show(officer, "page-missing")


def see_all_signed(officer: Browser, office: Office, cases: Iterable[Application]) -> None:
    for case in cases:
        officer.open(f"{office.stack.address}cases/{case.number}/")
        officer.wait_for_step("issue")
        assert papers.missing_signatures(Application.objects.get(pk=case.pk)) == ()


def require_all_kept(cases: list[Application]) -> None:
    """Every paper has its scan, every signature its picture; no file of the scanner is left."""
    for case in cases:
        current = [each for each in papers.kept(case) if each.kind != Paper.Kind.REPRINT]
        wait_for(lambda current=current: _kept(current))
        for signature in Signature.objects.filter(paper__in=current):
            assert signature.mark.said == "signed"
            assert signature.mark.sheet.decided_by == signature.recorded_by
    assert set(Stack.objects.values_list("state", flat=True)) == {"closed"}
    assert Sheet.objects.filter(state="blank").count() == 3


def _kept(current: list[object]) -> bool:
    return PaperScan.objects.filter(paper__in=current).count() == len(current)


def show(officer: Browser, name: str) -> None:
    """Look at a page in every language."""
    for language in people.LANGUAGES[::-1]:  # the last one is that of the story
        officer.speak(language)
        officer.shot(name)

"""A citizen blocks the PIN while the certificate is made: form 2, unblocked, and on with form 1."""

import pytest

from archive.models import Record
from cardops import transport
from cardops.cards import selection
from cardops.channel import Channel
from registration.management import walk
from registration.models import Application, Unblocking
from registration.queries import issuances as queries
from registration.services import revocations
from registration.workflow.issuance import Stage
from tests.stories import chromium, people
from tests.stories.chromium import Browser
from tests.stories.office import WRONG, Office, wait_for
from tests.stories.test_officer import require_pin_nowhere

pytestmark = [pytest.mark.stack, pytest.mark.card, pytest.mark.browser]

NEW = b"59301746"


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_a_blocked_pin_is_unblocked_and_the_issuing_goes_on(office: Office, language: str) -> None:
    case = card_with_a_pin(office)
    with chromium.browser() as officer, chromium.browser() as citizen:
        people.log_in(officer, office.stack.address, "officer", language)
        look_at_the_form(officer)
        block_while_issuing(officer, citizen, office, case)
        open_form_2(officer)
        unblock(officer, citizen, office)
        file_and_go_on(officer, citizen, office)
    assert {each.stage for each in queries.live(case)} == {Stage.CONFIRMED}
    record = Record.objects.get()
    assert (record.kind, record.state, record.retention_anchor) == ("unblock",) + ("performed",) * 2
    assert Unblocking.objects.get().application.linked_to == case
    verify_on_card(NEW)
    require_pin_nowhere(office, NEW)


def card_with_a_pin(office: Office) -> Application:
    """Return a case whose certificates were recalled: its citizen chose a PIN, and forgot it."""
    issuance = office.start(office.signed_case())
    office.type_pin()
    office.confirmed(issuance)
    revocations.recall(issuance.application, "грешка", by=office.officer)
    return Application.objects.get()


def look_at_the_form(officer: Browser) -> None:
    """See that form 2 asks for nothing of a certificate."""
    officer.leave("new-unblock")
    officer.see('[name="pin_choice"]')
    officer.shot("new-case-unblock")
    assert officer.all('[name="contract_requested"], [name="email_choice"]') == []
    officer.choose("procedure", "issue")
    officer.see('[name="contract_requested"]')
    assert officer.all('[name="pin_choice"]') == []


def block_while_issuing(
    officer: Browser, citizen: Browser, office: Office, case: Application
) -> None:
    officer.open(f"{office.stack.address}/cases/{case.number}/")
    officer.choose("option", "1")
    officer.write("email", walk.EMAIL)
    officer.do("issue")
    citizen.open(office.screen())
    citizen.see('body[data-state="confirm"]')
    citizen.click("#confirm")
    for _try in range(2):
        type_pin(citizen, WRONG)
    citizen.see('body[data-state="last-try"]')
    citizen.click("#confirm")
    type_pin(citizen, WRONG)
    officer.see('[data-failure="pin-blocked"]')


def open_form_2(officer: Browser) -> None:
    officer.shot("pin-blocked")
    officer.leave("open-form-2")
    officer.do("compare")
    officer.see('[data-reading="matches"]')
    officer.do("identity")
    officer.wait_for_step("print")
    officer.do("print")
    with officer.other_window():
        officer.see("iframe#papers")
    officer.wait_for_step("signatures")
    officer.do("tick-all")
    officer.do("sign")
    officer.wait_for_step("unblock")


def unblock(officer: Browser, citizen: Browser, office: Office) -> None:
    officer.choose("option", "2")
    officer.shot("unblock")
    officer.do("unblock")
    citizen.open(office.screen())
    citizen.see('body[data-state="choose"]')
    officer.see('[data-point="waiting-citizen"][data-status="current"]')
    officer.shot("unblocking")
    type_pin(citizen, NEW, again=True)
    citizen.see('body[data-state="unblocked"]')
    citizen.shot("citizen-unblocked")
    officer.wait_for_step("filing")


def file_and_go_on(officer: Browser, citizen: Browser, office: Office) -> None:
    officer.do("file")
    officer.see('[data-action="back"]')
    officer.shot("unblocked")
    officer.leave("back")
    officer.shot("unblocked-beside")
    officer.do("resume")
    citizen.open(office.screen())
    citizen.see('body[data-state="enter"]')
    type_pin(citizen, NEW)
    citizen.see('body[data-state="confirm"]')  # the second certificate is replaced as well
    citizen.click("#confirm")
    citizen.see('body[data-state="done"]')
    officer.wait_for_step("handover")


def type_pin(citizen: Browser, pin: bytes, *, again: bool = False) -> None:
    """Type into the question that is open, and wait until it is answered."""
    citizen.see('body[data-state="choose"]' if again else 'body[data-state="enter"]')
    number = asked(citizen)
    for field in ("#pin", "#again") if again else ("#pin",):
        citizen.see(field).send_keys(pin.decode())
    citizen.click("#confirm")
    wait_for(lambda: asked(citizen) != number)


def asked(citizen: Browser) -> str:
    return str(citizen.chrome.execute_script("return document.body.dataset.prompt"))


def verify_on_card(pin: bytes) -> None:
    connection = transport.connect()
    try:
        selection.select(Channel(connection)).verify(bytearray(pin))
    finally:
        connection.close()

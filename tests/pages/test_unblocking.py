"""Form 2 on the screen: opened alone or beside form 1, performed at the desk or elsewhere."""

from django.test import Client

from registration.models import Application, Desk, User
from tests.pages import counter
from tests.pages.page import Page
from tests.registration import making, unblocking

TYPED = counter.TYPED | {"procedure": "unblock"}


def at(client: Client, case: Application) -> Page:
    return Page.get(client, f"/cases/{case.number}/")


def test_a_case_of_form_2_opens_with_its_own_steps(client: Client, desk: Desk) -> None:
    page = Page.post(client, "/cases/new/", **TYPED)
    assert "Say which option is circled." in page.text("//div[@id='div_id_pin_choice']")
    page = Page.post(client, "/cases/new/", **TYPED, pin_choice="keep")
    case = Application.objects.get()
    assert (case.procedure, case.pin_choice, case.contract_requested) == ("unblock", "keep", False)
    assert list(page.steps()) == ["data", "identity", "print", "signatures", "unblock", "filing"]


def test_a_link_and_a_card_begin_the_form(client: Client, officer: User, desk: Desk) -> None:
    reading = counter.reading(desk, officer)
    page = Page.get(client, f"/cases/new/?reading={reading.pk}&procedure=unblock")
    chosen = page.one("//input[@name='procedure'][@checked]").get("value")
    assert (chosen, page.value("surname")) == ("unblock", "ПЕТРОВИЋ")


def test_a_correction_offers_the_options_of_its_form_only(
    client: Client, officer: User, desk: Desk
) -> None:
    case = counter.opened(officer, desk, **unblocking.asked())
    page = Page.get(client, f"/cases/{case.number}/correct/")
    assert [each.get("value") for each in page.all("//input[@name='procedure']")] == ["unblock"]


def test_a_blocked_pin_offers_form_2_first(client: Client, officer: User, desk: Desk) -> None:
    case = making.interrupted(officer, desk, "pin-blocked").application
    assert at(client, case).next_action() == "open-form-2"
    page = Page.post(client, f"/cases/{case.number}/open-form-2/", pin_choice="change")
    beside = Application.objects.get(procedure="unblock")
    assert (page.path, beside.linked_to) == (f"/cases/{beside.number}/", case)
    assert at(client, case).next_action() == "beside"


def test_the_desk_is_ordered_from_the_page(client: Client, officer: User, desk: Desk) -> None:
    case = unblocking.signed(officer, desk)
    page = Page.post(client, f"/cases/{case.number}/unblock/", option="1", desk=desk.code)
    assert "circles another option" in page.error()
    page = Page.post(client, f"/cases/{case.number}/unblock/", option="2", desk=desk.code)
    assert page.one("//*[@id='unblocking']").get("data-stage") == "waiting"


def test_a_card_that_cannot_be_unblocked_here_asks_for_the_officers_words(
    client: Client, officer: User, desk: Desk
) -> None:
    row = unblocking.ordered(officer, desk)
    unblocking.fail(row, "not-available", ability="unblock", profile="cardedge")
    page = at(client, row.application)
    assert "the tool of its vendor is needed" in page.text("//*[@id='failure']")
    assert page.next_action() == "elsewhere"
    address = f"/cases/{row.application.number}/unblocked-elsewhere/"
    page = Page.post(client, address, option="2", statement="With the maker's tool, desk 3.")
    assert page.text("//*[@id='unblocked']").endswith("With the maker's tool, desk 3.")
    assert page.next_action() == "file"


def test_a_doubtful_puk_waits_for_a_tick(client: Client, officer: User, desk: Desk) -> None:
    row = unblocking.ordered(officer, desk)
    unblocking.fail(row, "last-puk-try")
    address, asked = f"/cases/{row.application.number}/unblock/", {"option": "2", "desk": "desk-1"}
    assert "uses up another" in Page.post(client, address, **asked).error()
    page = Page.post(client, address, **asked, last_try_agreed="on")
    assert page.one("//*[@id='unblocking']").get("data-stage") == "waiting"


def test_the_worklist_says_what_waits_for_the_card(
    client: Client, officer: User, desk: Desk
) -> None:
    unblocking.signed(officer, desk)
    page = Page.get(client, "/cases/")
    assert page.one("//tbody[@data-group]").get("data-group") == "to-perform"

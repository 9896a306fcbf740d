"""The data of a case corrected; what a colleague corrected meanwhile is never lost unseen."""

import pytest
from django.test import Client

from registration.models import Application, Desk, User
from tests.pages import counter
from tests.pages.page import Page


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return counter.opened(officer, desk, counter.PETAR, script="Latn")


@pytest.fixture
def address(case: Application) -> str:
    return f"/cases/{case.number}/correct/"


def as_shown(page: Page) -> dict[str, str]:
    """Return what the browser would send of the form as it stands."""
    form = page.one("//form[@id='case-form']")
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def test_a_form_saved_as_it_was_opened_changes_nothing(
    client: Client, case: Application, address: str
) -> None:
    before = (case.applicant, case.script, case.procedure, case.contract_requested)
    Page.post(client, address, **as_shown(Page.get(client, address)))
    case.refresh_from_db()
    assert (case.applicant, case.script, case.procedure, case.contract_requested) == before
    assert case.version == 2


def test_a_colleagues_correction_is_shown_before_it_is_written_over(
    client: Client, case: Application, address: str
) -> None:
    mine, theirs = as_shown(Page.get(client, address)), as_shown(Page.get(client, address))
    Page.post(client, address, **theirs | {"phone": "022 2", "script": "Cyrl"})

    page = Page.post(client, address, **mine | {"phone": "011 1"})
    case.refresh_from_db()
    assert case.applicant["phone"] == "022 2"
    assert "Somebody changed the case meanwhile." in page.error()
    assert page.value("phone") == "011 1"
    assert page.text("//div[@id='div_id_phone']//*[@class='invalid-feedback']") == (
        "On record now: 022 2"
    )
    assert "On record now: Cyrillic" in page.text("//div[@id='div_id_script']")
    assert len(page.all("//*[contains(text(), 'On record now')]")) == 2

    Page.post(client, address, **as_shown(page))
    case.refresh_from_db()
    assert (case.applicant["phone"], case.script) == ("011 1", "Latn")


def test_a_person_with_an_open_case_is_sent_to_it(client: Client, case: Application) -> None:
    page = Page.post(client, "/cases/new/", **counter.TYPED)
    assert page.error() == (
        f"Not saved yet: This person has an open case already: 26-{case.number[2:]}, PS Stari grad."
        " Go on with that one, or end it first."
    )
    assert page.value("surname") == "Петровић"
    assert Application.objects.count() == 1

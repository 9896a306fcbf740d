from django.test import Client

from registration.models import Desk, Office, User
from tests.pages import counter
from tests.pages.page import Page
from tests.people import logged_in, person


def test_cases_stand_by_what_they_wait_for(client: Client, officer: User, desk: Desk) -> None:
    draft, printed = counter.opened(officer, desk), counter.printed(officer, desk)
    page = Page.get(client, "/cases/")
    assert page.texts("//tbody//h2") == ["Waiting for signatures1", "To be printed1"]
    assert (
        page.one("//tbody[@data-group='printed']/tr[@data-case]").get("data-case") == printed.number
    )
    assert page.one("//tbody[@data-group='draft']/tr[@data-case]").get("data-case") == draft.number


def test_the_list_shows_the_end_of_the_jmbg(client: Client, officer: User, desk: Desk) -> None:
    application = counter.opened(officer, desk)
    page = Page.get(client, "/cases/")
    assert page.texts("//tr[@data-case]/td")[:3] == [
        f"{application.number[:2]}-{application.number[2:]}",
        "Петар Петровић",
        "**********020",
    ]
    assert counter.JMBG not in page.source


def test_a_case_is_found_by_number_and_by_name_in_either_script(
    client: Client, officer: User, desk: Desk
) -> None:
    number = counter.opened(officer, desk).number
    for text in (f"{number[:2]}-{number[2:]}", number, "Petrović", "петров"):
        page = Page.get(client, f"/cases/?q={text}")
        assert [row.get("data-case") for row in page.all("//tr[@data-case]")] == [number], text
    assert Page.get(client, "/cases/?q=Nikolić").text("//section") == (
        "No case of this office has such a name or number."
    )


def test_an_empty_list_says_so(client: Client) -> None:
    page = Page.get(client, "/cases/")
    assert page.text("//section").startswith("Nothing waits")
    assert page.next_action() == "new"


def test_another_office_sees_nothing_of_it(officer: User, desk: Desk) -> None:
    counter.opened(officer, desk)
    other = logged_in(person("zoran", counter.office("072", "Zemun"), "view_application"))
    page = Page.get(other, "/cases/")
    assert page.all("//tr[@data-case]") == []
    assert page.all("//*[@data-action='new']") == []


def test_the_desk_says_what_its_reader_holds(client: Client, desk: Desk) -> None:
    said = Page.get(client, "/desks/").text("//div[@data-desk='desk-1']")
    assert said.startswith("Desk 1: Reader A, card in the reader · heard of ")
    desk.seen_at = None
    desk.save()
    assert Page.get(client, "/desks/").text("//div[@data-desk='desk-1']") == (
        "Desk 1: never heard of yet"
    )


def test_an_office_without_a_desk_is_told(client: Client, office: Office) -> None:
    assert Page.get(client, "/cases/").text("//div[@id='desks']") == (
        "This office has no desk yet: cards cannot be read here."
    )

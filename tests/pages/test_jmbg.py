"""The number of a person: whole where an officer works with it, else only for a reason."""

import pytest
from django.test import Client

from archive.models import AuditEvent
from registration import errors
from registration.models import Application, Desk, Office, User
from registration.services import cases, viewing
from tests.pages import counter
from tests.pages.page import Page
from tests.people import logged_in, person

MASKED = "**********020"
REASON = "Request of the citizen"


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return counter.opened(officer, desk)


@pytest.fixture
def reader(office: Office) -> Client:
    return logged_in(person("sneza", office, "view_application"))


@pytest.fixture
def colleague(office: Office) -> Client:
    return logged_in(person("vera", office, "view_application", "change_application"))


def looks() -> list[tuple[str, str, dict[str, str]]]:
    events = AuditEvent.objects.filter(stream="views.071").order_by("number")
    return [(each.actor, each.subject, each.facts) for each in events]


def test_the_officer_at_work_reads_it_whole(client: Client, case: Application) -> None:
    page = Page.get(client, f"/cases/{case.number}/")
    assert page.text("//dd[@id='jmbg']") == counter.JMBG
    assert page.all("//*[@data-action='reveal']") == []
    assert looks() == []


def test_readers_and_colleagues_see_its_end(
    reader: Client, colleague: Client, case: Application
) -> None:
    for client in (reader, colleague):
        for path in ("", "live/"):
            page = Page.get(client, f"/cases/{case.number}/{path}")
            assert page.text("//dd[@id='jmbg']") == MASKED
            assert counter.JMBG not in page.source


def test_who_checks_the_identity_is_at_work(
    officer: User, colleague: Client, case: Application, desk: Desk
) -> None:
    vera = User.objects.get(username="vera")
    case.identity_checks.create(
        method="card", document=counter.DOCUMENT, checked_by=vera, checked_at=case.created_at
    )
    assert counter.JMBG in Page.get(colleague, f"/cases/{case.number}/").source


def test_of_a_case_that_ended_its_officer_sees_the_end_too(
    client: Client, officer: User, case: Application
) -> None:
    cases.withdraw(case, "Changed their mind", by=officer)
    page = Page.get(client, f"/cases/{case.number}/")
    assert page.text("//dd[@id='jmbg']") == MASKED


def test_a_reason_shows_it_once_and_is_logged(reader: Client, case: Application) -> None:
    address = f"/cases/{case.number}/jmbg/"
    page = Page.post(reader, address, reason=f" {REASON} ")
    assert page.text("//dd[@id='jmbg']") == counter.JMBG
    assert looks() == [("sneza", case.number, {"what": "jmbg", "reason": REASON})]
    assert Page.get(reader, f"/cases/{case.number}/").text("//dd[@id='jmbg']") == MASKED


def test_without_a_reason_it_stays_masked(reader: Client, case: Application) -> None:
    page = Page.post(reader, f"/cases/{case.number}/jmbg/", reason="  ")
    assert page.text("//dd[@id='jmbg']") == MASKED
    assert page.text("//form[@id='reveal']//*[contains(@class, 'invalid-feedback')]") == (
        "Say why you need the full numbers."
    )
    assert counter.JMBG not in page.source
    assert looks() == [("sneza", case.number, {"what": "case"})]


def test_the_usual_reasons_are_offered(reader: Client, case: Application) -> None:
    page = Page.get(reader, f"/cases/{case.number}/")
    assert page.one("//input[@id='id_jmbg_reason']").get("list") == "reasons"
    assert [option.get("value") for option in page.all("//datalist[@id='reasons']/option")] == [
        "Request of the citizen",
        "Request of a court or an authority",
        "Control",
    ]


def test_it_is_refused_without_the_right_and_to_another_office(
    office: Office, case: Application
) -> None:
    stranger = person("nikola", office)
    other = person("zoran", counter.office("072", "Zemun"), "view_application")
    for somebody, refusal in (
        (stranger, errors.NotAllowedError),
        (other, errors.ForeignOfficeError),
    ):
        posted = logged_in(somebody).post(f"/cases/{case.number}/jmbg/", {"reason": REASON})
        assert posted.status_code == 403
        with pytest.raises(refusal):
            viewing.reveal_jmbg(case, REASON, by=somebody)
    assert AuditEvent.objects.filter(event="viewed").count() == 0


def test_the_service_wants_a_reason_too(officer: User, case: Application) -> None:
    with pytest.raises(errors.ReasonMissingError) as refused:
        viewing.reveal_jmbg(case, " ", by=officer)
    assert refused.value.sentence() == "Say why you need the full numbers."


def test_readers_open_no_paper_and_no_portrait(
    reader: Client, client: Client, officer: User, desk: Desk
) -> None:
    case = counter.printed(officer, desk)
    page = Page.get(reader, f"/cases/{case.number}/")
    assert page.all("//a[contains(@href, '/packets/') or contains(@href, '/papers/')]") == []
    assert page.all("//img[@id='portrait']") == []
    paper, portrait = case.packets.get().papers.all()[0], case.card_readings.get()
    for address in (
        f"/cases/{case.number}/packets/1/",
        f"/cases/{case.number}/papers/{paper.pk}/",
        f"/readings/{portrait.pk}/portrait/",
    ):
        assert (reader.get(address).status_code, client.get(address).status_code) == (403, 200)


def test_a_colleague_who_opens_form_or_papers_is_logged(
    client: Client, colleague: Client, officer: User, desk: Desk
) -> None:
    case = counter.printed(officer, desk)
    for somebody in (client, colleague):
        assert somebody.get(f"/cases/{case.number}/correct/").status_code == 200
        assert somebody.get(f"/cases/{case.number}/packets/1/").status_code == 200
    assert looks() == [
        ("vera", case.number, {"what": "form"}),
        ("vera", case.number, {"what": "paper"}),
    ]


def test_the_form_of_a_case_that_ended_stays_shut(
    client: Client, officer: User, case: Application
) -> None:
    cases.withdraw(case, "Changed their mind", by=officer)
    answer = client.get(f"/cases/{case.number}/correct/", follow=True)
    assert answer.redirect_chain == [(f"/cases/{case.number}/", 302)]
    page = Page(answer)
    assert page.text("//div[@role='alert']") == errors.NotNowError().sentence()
    assert counter.JMBG not in page.source


def test_a_search_by_the_whole_number_finds_the_case(reader: Client, case: Application) -> None:
    answer = reader.post("/cases/", {"q": counter.JMBG}, follow=True)
    page = Page(answer)
    assert page.texts("//tr[@data-case]/td")[2] == MASKED
    assert page.text("//tbody//h2") == f"Found for “{MASKED}”1"
    assert (page.value("q"), counter.JMBG in page.source) == ("", False)
    assert [address.partition("?s=")[0] for address, _status in answer.redirect_chain] == [
        "/cases/"
    ]
    assert (
        Page(reader.post("/cases/", {"q": " "}, follow=True)).all("//*[@data-group='found']") == []
    )

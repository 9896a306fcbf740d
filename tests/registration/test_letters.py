"""Who gave no e-mail gets a letter: printed with its list, once, by the office of the case."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from archive import store
from registration import errors
from registration.models import Application, Certificate, Desk, LetterRun, Notice, Office, User
from registration.services import letters, notices
from tests.pages import counter
from tests.pages.page import Page
from tests.people import logged_in, person
from tests.registration import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(officer: User, desk: Desk, one_certificate: None) -> list[Application]:
    """Two cases whose people are to hear, one in each script."""
    made = [
        making.filed(officer, desk, who=counter.PETAR),
        making.filed(officer, desk, who=replace(counter.citizen(1), apartment="7"), script="Latn"),
    ]
    soon = timezone.localdate() + timedelta(days=20)
    Certificate.objects.update(ends_on=soon)
    notices.prepare(timezone.now())
    return made


@pytest.fixture
def client(officer: User) -> Client:
    return logged_in(officer)


def pages(run: LetterRun) -> list[str]:
    """Return each page's words in one line."""
    pdf = PdfReader(BytesIO(store.get(run.sha256)))
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def test_a_list_and_a_letter_for_each_in_the_script_of_the_papers(
    two: list[Application], office: Office, officer: User
) -> None:
    listed, first, second = pages(letters.print_waiting(office, by=officer))
    until = Certificate.objects.all()[0].ends_on
    assert "Списак писама" in listed
    assert "1. Петар Петровић Balkanska 12, Beograd, Stari grad 26-0000001" in listed
    assert "2. Petar Petrović Balkanska 12, stan 7, Beograd, Stari grad 26-0000002" in listed
    assert "ОБАВЕШТЕЊЕ о истеку сертификата у личној карти" in first
    assert f"{until:%d.%m.%Y.}" in first
    assert "OBAVEŠTENJE o isteku sertifikata u ličnoj karti" in second
    numbers = [counter.JMBG, counter.citizen(1).jmbg]
    assert [number for number in numbers if number in listed + first + second] == []


def test_what_was_printed_does_not_wait_any_more(
    two: list[Application], office: Office, officer: User
) -> None:
    run = letters.print_waiting(office, by=officer)
    assert [(each.state, each.run) for each in Notice.objects.all()] == [("sent", run)] * 2
    with pytest.raises(errors.NothingToPrintError):
        letters.print_waiting(office, by=officer)


def test_who_was_revoked_meanwhile_gets_no_letter(
    two: list[Application], office: Office, officer: User
) -> None:
    Certificate.objects.filter(application=two[0]).update(revoked_at=timezone.now())
    listed, _letter = pages(letters.print_waiting(office, by=officer))
    assert "26-0000001" not in listed
    assert {each.state for each in two[0].notices.all()} == {"not-needed"}


def test_another_office_prints_its_own(two: list[Application], office: Office) -> None:
    foreign = counter.office("072", "Zemun")
    stranger = person("vera", foreign, "view_application", "change_application")
    with pytest.raises(errors.ForeignOfficeError):
        letters.print_waiting(office, by=stranger)
    with pytest.raises(errors.NothingToPrintError):
        letters.print_waiting(foreign, by=stranger)


def test_the_officer_finds_prints_and_prints_again(two: list[Application], client: Client) -> None:
    cases = Page.get(client, "/cases/")
    assert cases.text("//a[@data-action='notices']") == "2 letters of expiry to send"
    page = Page.get(client, "/notices/")
    assert page.next_action() == "print-letters"
    why = page.texts("//tr[@data-notice]/td[5]")
    assert why == ["no e-mail address on record"] * 2
    printed = Page.post(client, "/notices/print/")
    assert printed.text("//*[@data-letters]") == "To be sent by post No letter waits."
    again = client.get(printed.one("//*[@data-runs]//a").get("href"))
    assert (again["Content-Type"], again.content[:5]) == ("application/pdf", b"%PDF-")
    assert Page.get(client, "/cases/").all("//a[@data-action='notices']") == []

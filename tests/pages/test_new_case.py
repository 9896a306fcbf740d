import pytest
from django.test import Client

from registration.models import Application, CardReading, Desk, User
from tests.pages import counter
from tests.pages.page import Page
from tests.people import logged_in, person


def typed(**changes: str) -> dict[str, str]:
    return {**counter.TYPED, **changes}


def test_a_case_typed_by_hand_opens_on_its_identity_step(client: Client, desk: Desk) -> None:
    page = Page.post(client, "/cases/new/", **typed())
    application = Application.objects.get()
    assert application.full_name == "Петар Петровић"
    assert application.applicant["document_expires_on"] == "2035-05-05"
    assert page.one("//div[@id='case']").get("data-case") == application.number
    assert page.steps() == {
        "data": "done",
        "identity": "current",
        "print": "open",
        "signatures": "later",
        "issue": "later",
        "handover": "later",
    }


def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(client: Client) -> None:
    page = Page.post(client, "/cases/new/", **typed(document_issued_on="32.1.2020", phone="064 1"))
    assert page.error() == "Not saved yet: please correct what is marked in red."
    assert page.text("//div[@id='div_id_document_issued_on']//div[@class='invalid-feedback']") == (
        "Enter a valid date."
    )
    assert page.value("document_issued_on") == "32.1.2020"
    assert page.value("phone") == "064 1"
    assert page.value("surname") == "Петровић"
    assert page.one("//*[@autofocus]").get("id") == "id_document_issued_on"
    assert not Application.objects.exists()


def test_a_rule_that_blocks_speaks_beside_its_field(client: Client) -> None:
    page = Page.post(client, "/cases/new/", **typed(jmbg="123", contract_requested=""))
    assert "must have 13 digits" in page.text("//div[@id='div_id_jmbg']")
    assert "waived without a reason" in page.text("//div[@id='div_id_contract_waiver']")
    assert page.value("jmbg") == "123"
    assert not Application.objects.exists()


def test_an_email_that_cannot_be_read_blocks(client: Client) -> None:
    page = Page.post(client, "/cases/new/", **typed(email_choice="unreadable"))
    assert "cannot be read" in page.text("//div[@id='div_id_email_choice']")


def test_a_warning_is_confirmed_with_a_box_that_appears_with_it(client: Client) -> None:
    wrong_check_digit = typed(jmbg="0101990610021")
    page = Page.post(client, "/cases/new/", **wrong_check_digit)
    box = page.one("//fieldset[@id='warnings']//input")
    assert (box.get("name"), box.get("value")) == ("acknowledged", "jmbg-check-digit")
    assert page.text("//fieldset[@id='warnings']//label").endswith("I checked it: it is right.")
    assert not Application.objects.exists()
    Page.post(client, "/cases/new/", **wrong_check_digit, acknowledged="jmbg-check-digit")
    assert Application.objects.get().acknowledged == ["jmbg-check-digit"]


def test_a_confirmed_warning_stays_confirmed_while_something_else_is_wrong(client: Client) -> None:
    twice_wrong = typed(jmbg="0101990610021", document_number="1", acknowledged="jmbg-check-digit")
    page = Page.post(client, "/cases/new/", **twice_wrong)
    assert page.one("//input[@name='acknowledged']").get("value") == "jmbg-check-digit"


def test_reading_the_card_waits_for_the_desk_and_fills_the_form(
    client: Client, desk: Desk, officer: User
) -> None:
    waiting = Page(client.post("/readings/", {"desk": "desk-1"}))
    reading = CardReading.objects.get()
    assert waiting.text("//*[@data-reading='waiting']") == "Reading the card…"
    assert client.get(f"/readings/{reading.pk}/").status_code == 204

    reading.result, reading.card = CardReading.Result.READ, counter.CARD
    reading.save()
    answer = client.get(f"/readings/{reading.pk}/")
    assert answer["HX-Trigger-After-Swap"] == "card-read"
    assert Page(answer).value("fill") == str(reading.pk)

    form = Page(client.post("/cases/new/", {"fill": str(reading.pk), "phone": "064 1"}))
    assert form.value("surname") == "ПЕТРОВИЋ"
    assert form.value("jmbg") == counter.JMBG
    assert form.value("document_expires_on") == "05.05.2035."
    assert form.value("phone") == "064 1"
    assert form.one("//*[@autofocus]").get("name") == "phone"
    assert form.one("//img[@id='portrait']").get("src") == f"/readings/{reading.pk}/portrait/"
    assert client.get(f"/readings/{reading.pk}/portrait/").content == b"\xff\xd8 a face"


def test_a_case_opened_from_a_reading_needs_no_second_one(
    client: Client, desk: Desk, officer: User
) -> None:
    reading = counter.reading(desk, officer)
    page = Page.post(client, "/cases/new/", **typed(reading=str(reading.pk)))
    assert page.one("//div[@id='card']//p[@data-reading]").get("data-reading") == "matches"
    assert page.next_action() == "identity"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("no-card", "There is no card in the reader. Insert it with the chip first."),
        ("no-reader", "The desk sees no card reader. Plug the reader in."),
        ("desk-silent", "The desk does not answer. Look whether its program runs."),
    ],
)
def test_a_reading_that_failed_says_what_to_do(
    client: Client, desk: Desk, officer: User, code: str, sentence: str
) -> None:
    reading = CardReading.objects.create(
        desk=desk, asked_by=officer, result=CardReading.Result.FAILED, failure_code=code
    )
    page = Page(client.get(f"/readings/{reading.pk}/"))
    assert page.text("//*[@data-reading='failed']") == sentence
    assert page.one("//button").get("data-action") == "read"


def test_another_offices_reading_is_not_shown(desk: Desk, officer: User) -> None:
    reading = counter.reading(desk, officer)
    stranger = person(
        "zoran", counter.office("072", "Zemun"), "view_application", "change_application"
    )
    other = logged_in(stranger)
    assert other.get(f"/readings/{reading.pk}/").status_code == 404
    assert other.get(f"/readings/{reading.pk}/portrait/").status_code == 404


def test_only_one_button_is_the_next_step(client: Client, desk: Desk) -> None:
    page = Page.get(client, "/cases/new/")
    assert page.one("//*[@autofocus]").get("data-action") == "read"
    assert page.next_action() == "save"
    assert page.text("//div[@id='reading']").endswith("Or type what the request says.")


def test_numbers_are_typed_with_spaces_and_kept_without(client: Client) -> None:
    number = f"{counter.JMBG[:7]} {counter.JMBG[7:10]}-{counter.JMBG[10:]}"
    Page.post(client, "/cases/new/", **typed(jmbg=number, document_number=" 001 234 567 "))
    recorded = Application.objects.get().applicant
    assert (recorded["jmbg"], recorded["document_number"]) == (counter.JMBG, "001234567")

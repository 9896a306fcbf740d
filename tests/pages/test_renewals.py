"""Option 2 on the screen: refused with what to do instead, linked at both ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registration.models import Application, Certificate, Desk, Office, User
from registration.services import filings
from tests.pages import counter
from tests.pages.page import Page
from tests.people import logged_in, person
from tests.registration import making, status

TYPED = counter.TYPED | {"procedure": "renew"}
FIELD = "//div[@id='div_id_procedure']"


@pytest.fixture
def old(officer: User, desk: Desk) -> Application:
    return making.filed(officer, desk)


def at(client: Client, case: Application) -> Page:
    return Page.get(client, f"/cases/{case.number}/")


def serials(case: Application) -> list[str]:
    return [each.serial for each in case.certificates.order_by("received_at")]


def test_option_2_after_the_end_is_refused_beside_the_option(
    client: Client, old: Application
) -> None:
    Certificate.objects.update(not_after=timezone.now() - timedelta(days=1))
    page = Page.post(client, "/cases/new/", **TYPED)
    assert "choose option 1, issuing, and let the citizen circle it" in page.text(FIELD)
    assert page.value("surname") == "Петровић"
    page = Page.post(client, "/cases/new/", **TYPED | {"procedure": "issue"})
    assert page.one("//div[@id='case']").get("data-state") == "draft"


def test_a_suspended_one_is_reactivated_first(
    client: Client, old: Application, officer: User
) -> None:
    status.finished(old, officer, "suspend")
    page = Page.post(client, "/cases/new/", **TYPED)
    assert "reactivated on form 3 first, or choose option 1" in page.text(FIELD)


def test_before_the_card_is_read_the_officer_confirms_that_it_will_be(
    client: Client, desk: Desk
) -> None:
    page = Page.post(client, "/cases/new/", **TYPED)
    box = page.one("//fieldset[@id='warnings']//input")
    assert box.get("value") == "card-unread-for-renewal"
    page = Page.post(client, "/cases/new/", **TYPED, acknowledged=box.get("value"))
    case = Application.objects.get()
    assert page.path == f"/cases/{case.number}/"


def test_the_gate_says_what_ended_meanwhile(
    client: Client, officer: User, desk: Desk, old: Application
) -> None:
    case = counter.signed(officer, desk, **making.renewal(old))
    line = "//li[@data-requirement='renewable']"
    assert at(client, case).text(line) == "✓ What is renewed is valid today."
    Certificate.objects.update(not_after=timezone.now() - timedelta(days=1))
    page = at(client, case)
    assert "cannot be renewed any more: choose option 1" in page.text(line)
    assert page.one("//button[@id='id_issue']").get("disabled") is not None


def test_both_cases_show_the_link(
    client: Client, officer: User, desk: Desk, old: Application
) -> None:
    case = counter.signed(officer, desk, **making.renewal(old))
    page = at(client, case)
    assert [each.get("data-renews") for each in page.all("//dd[@data-renews]")] == serials(old)
    assert page.all(f"//dd[@data-renews]//a[@href='/cases/{old.number}/']")
    making.prove(making.start(case, officer, desk), occupied=True)
    page = at(client, old)
    shown = [each.get("data-renewed-by") for each in page.all("//dl[@data-renewed-by]")]
    assert shown == serials(case)
    assert page.all(f"//dl[@data-renewed-by]//a[@href='/cases/{case.number}/']")


def test_another_offices_case_is_named_without_a_way_into_it(
    client: Client, old: Application
) -> None:
    there = counter.office("072", "Zemun")
    desk = Desk.objects.create(
        code="desk-2", name="Desk 2", office=there, public_keys={}, seen_at=timezone.now()
    )
    vera = person("vera", there, "view_application", "change_application")
    case = counter.signed(vera, desk, **making.renewal(old))
    page = at(logged_in(vera), case)
    assert not page.all("//dd[@data-renews]//a")
    (first, _second) = page.texts("//dd[@data-renews]")
    assert first.endswith(f"case {old.number[:2]}-{old.number[2:]}, PS Stari grad")


def test_the_archive_shows_it_on_both_records(
    officer: User, desk: Desk, office: Office, old: Application
) -> None:
    issuance = making.prove(making.started(officer, desk, **making.renewal(old)), occupied=True)
    new = filings.file(making.hand_over(issuance.application, officer), by=officer)
    clerk = logged_in(person("ruza", office.code, "view_record"))
    before, after = (Page.get(clerk, record(each)) for each in (old, new))
    assert [each.get("data-renewed-by") for each in before.all("//*[@data-renewed-by]")] == (
        serials(new)
    )
    assert [each.get("data-renews") for each in after.all("//*[@data-renews]")] == serials(old)
    assert "The certificate was renewed by" in before.text("//section[@id='events']")


def record(case: Application) -> str:
    return reverse("archive:record", args=[status.record_of(case).pk])

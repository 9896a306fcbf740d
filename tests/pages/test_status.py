"""Form 3 on the screen: opened for a filed case or by itself, decided, told, filed; reminders."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from registration.models import Application, Certificate, Desk, StatusRequest, User
from registration.services import publications, status_requests
from tests.pages import counter
from tests.pages.page import Page
from tests.registration import status

TYPED = counter.TYPED | {"procedure": "status"}


@pytest.fixture
def issued(officer: User, desk: Desk) -> Application:
    return status.filed(officer, desk)


def at(client: Client, case: Application) -> Page:
    return Page.get(client, f"/cases/{case.number}/")


def groups(client: Client) -> dict[str, list[str]]:
    found = Page.get(client, "/cases/").all("//tbody[@data-group]")
    return {each.get("data-group"): each.xpath("tr/@data-case") for each in found}


def test_a_filed_case_opens_form_3_for_its_certificates(
    client: Client, issued: Application
) -> None:
    page = at(client, issued)
    serials = [box.get("value") for box in page.all("//input[@name='certificates'][@checked]")]
    assert set(serials) == {each.serial for each in issued.certificates.all()}
    address = f"/cases/{issued.number}/open-form-3/"
    page = Page.post(client, address, certificates=serials, ground="revoke:lost")
    case = Application.objects.get(procedure="status")
    assert (page.path, case.serials) == (f"/cases/{case.number}/", serials)
    assert (case.status_change, case.status_reason) == ("revoke", "lost")
    assert list(page.steps()) == ["data", "identity", "print", "signatures", "change", "filing"]
    assert page.next_action() == "identity"


def test_only_what_can_be_done_is_offered(client: Client, issued: Application) -> None:
    def changes() -> set[str]:
        values = [each.get("value") for each in at(client, issued).all("//input[@name='ground']")]
        return {value.partition(":")[0] for value in values}

    assert changes() == {"revoke", "suspend"}
    issued.certificates.filter(role="signing").update(suspended_at=timezone.now())
    assert changes() == {"revoke", "suspend", "reactivate"}
    issued.certificates.update(suspended_at=timezone.now())
    assert changes() == {"revoke", "reactivate"}


def test_a_case_that_is_not_filed_offers_no_change(
    client: Client, officer: User, desk: Desk
) -> None:
    assert at(client, counter.signed(officer, desk)).all("//*[@id='change-open']") == []


def test_form_3_is_typed_for_who_has_certificates_here(client: Client, issued: Application) -> None:
    page = Page.post(client, "/cases/new/", **TYPED)
    assert "Say which option is circled." in page.text("//div[@id='div_id_status_ground']")
    typed = TYPED | {"status_ground": "suspend:doubt"}
    page = Page.post(client, "/cases/new/", **typed, serials="00ff")
    assert "no such certificate" in page.error()
    Page.post(client, "/cases/new/", **typed)
    case = Application.objects.get(procedure="status")
    assert set(case.serials) == {each.serial for each in issued.certificates.all()}


def test_a_correction_shows_what_was_asked_for(
    client: Client, issued: Application, officer: User
) -> None:
    case = status.opened(issued, officer, "suspend")
    page = Page.get(client, f"/cases/{case.number}/correct/")
    checked = page.one("//input[@name='status_ground'][@checked]").get("value")
    assert (checked, page.value("serials")) == ("suspend:doubt", " ".join(case.serials))


@pytest.mark.usefixtures("sources")
def test_decided_confirmed_told_and_filed(
    client: Client, issued: Application, officer: User
) -> None:
    case = status.signed(issued, officer, "suspend")
    address = f"/cases/{case.number}/"
    page = Page.post(client, f"{address}change-status/", option="1")
    assert "circles another option" in page.error()
    page = Page.post(client, f"{address}change-status/", option="2")
    assert page.text("//*[@id='now']") == "The certification body is asked."
    status_requests.perform(StatusRequest.objects.get().pk)
    page = at(client, case)
    assert page.next_action() == "told"
    assert page.all("//*[@id='unpublished']") != []
    publications.look(timezone.now())
    page = Page.post(client, f"{address}told/", how="phone")
    assert page.text("//dd[@data-moment='told']").endswith("by phone")
    assert page.texts("//dd[@data-at='']") == []
    assert page.next_action() == "file"
    Page.post(client, f"{address}file/")
    held = at(client, issued).all("//*[@data-held]")
    assert [each.get("data-status") for each in held] == ["suspended", "suspended"]


def test_a_refusal_is_said_and_can_be_tried_again(
    client: Client, issued: Application, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = status.decided(issued, officer, "revoke")
    monkeypatch.setitem(settings.OVERA, "CA", {"CONNECTOR": "none of ours"})
    status_requests.perform(row.pk)
    page = at(client, row.application)
    assert page.one("//*[@id='failure']").get("data-failure") == "ca-refused"
    assert page.text("//*[@data-action='change-status']").startswith("Try again")


def test_the_list_says_what_waits_and_what_is_late(
    client: Client, issued: Application, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = status.signed(issued, officer, "suspend")
    assert groups(client) == {"to-change": [case.number]}
    monkeypatch.setitem(settings.OVERA, "STATUS_WITHIN_HOURS", 0)
    assert groups(client) == {"overdue": [case.number]}
    page = at(client, case)
    assert page.one("//*[@data-clock='received']").get("data-overdue") == "yes"


@pytest.mark.usefixtures("sources")
def test_the_list_reminds_of_a_suspension(
    client: Client, issued: Application, officer: User
) -> None:
    status.finished(issued, officer, "suspend")
    publications.look(timezone.now())
    assert groups(client) == {}
    Certificate.objects.update(suspended_at=timezone.now() - timedelta(days=27))
    assert groups(client) == {"suspended": [issued.number]}

"""The administrator sees how each certification body is; the page itself asks none of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from registration import tasks
from registration.models import BodyHealth, Issuance, Office
from registration.queries import bodies
from registration.services import body_health, enrolments
from tests.pages import counter
from tests.pages.page import Page
from tests.people import employee, logged_in
from tests.registration import making
from tests.registration.bodies import away, counter_at, dead, embedded, set_to, without

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/bodies/"


@pytest.fixture(autouse=True)
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"second": embedded(tmp_path / "second"), "dead": dead(tmp_path / "dead")}
    set_to(monkeypatch, made, {"072": "second", "073": "dead"})


@pytest.fixture
def administrator(office: Office) -> Client:
    counter.office("072", "Zemun")
    return logged_in(employee("nebojsa", office, "administrator"))


def states(client: Client) -> dict[str, str]:
    found = Page.get(client, ADDRESS).all("//section[@data-body]")
    return {each.get("data-body"): each.get("data-well") for each in found}


def said(client: Client, body: str) -> str:
    return Page.get(client, ADDRESS).text(f"//section[@data-body='{body}']")


def test_before_anybody_asked_the_page_says_so(administrator: Client) -> None:
    assert states(administrator) == {"": "unknown", "second": "unknown", "dead": "unknown"}
    assert "Look whether the worker and its clock (beat) run." in said(administrator, "second")


def test_each_is_shown_with_its_offices_and_what_to_do(administrator: Client) -> None:
    for name in bodies.names():
        tasks.ask_body(name)
    assert states(administrator) == {"": "yes", "second": "yes", "dead": "no"}
    assert "072 PS Zemun" in said(administrator, "second")
    assert "071 PS Stari grad" in said(administrator, "")
    assert "Nobody listens at the address. Look at OVERA_BODY_DEAD_URL" in said(
        administrator, "dead"
    )


def test_up_down_and_up_again(administrator: Client, tmp_path: Path) -> None:
    body_health.ask("second")
    up = BodyHealth.objects.get()
    with away("second", tmp_path / "file"):
        body_health.ask("second")
        down = BodyHealth.objects.get()
        assert states(administrator)["second"] == "no"
        body_health.ask("second")
    still = BodyHealth.objects.get()
    assert (up.ok, down.ok, still.ok) == (True, False, False)
    assert (down.since > up.since, still.since) == (True, down.since)
    assert still.asked_at > down.asked_at
    body_health.ask("second")
    again = BodyHealth.objects.get()
    assert (again.ok, again.reason, again.since > down.since) == (True, "", True)
    assert states(administrator)["second"] == "yes"


def test_a_word_that_is_old_is_said_to_be(administrator: Client) -> None:
    body_health.ask("second")
    assert "Nobody has asked it lately." not in said(administrator, "second")
    BodyHealth.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    assert "Nobody has asked it lately." in said(administrator, "second")


def test_a_setting_that_is_wrong_is_named(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = settings.OVERA["BODIES"]["dead"]["CA"]
    monkeypatch.setitem(section, "CHAIN", "/nowhere")
    body_health.ask("dead")
    assert "see OVERA_BODY_DEAD_CHAIN." in said(administrator, "dead")


def test_what_waits_for_a_body_is_counted(administrator: Client, tmp_path: Path) -> None:
    waiting = making.started(*counter_at("072", "Zemun").at)
    making.request(waiting)
    with away("second", tmp_path / "file"):
        assert not enrolments.enrol(str(waiting.pk))
    page = Page.get(administrator, ADDRESS)
    counts = {
        each.get("data-body"): each.xpath("string(.//*[@data-issuings])").strip()
        for each in page.all("//section[@data-body]")
    }
    assert counts == {"": "0", "second": "1", "dead": "0"}


def test_a_body_that_is_gone_from_the_settings_is_still_shown(administrator: Client) -> None:
    making.confirmed(*counter_at("072", "Zemun").at)
    assert set(Issuance.objects.values_list("body", flat=True)) == {"second"}
    with without("second"):
        told = said(administrator, "second")
    assert "It is not in the settings any more." in told
    assert "Put OVERA_BODY_SECOND back" in told


def test_without_a_broker_the_button_says_that_nobody_was_asked(administrator: Client) -> None:
    page = Page.post(administrator, f"{ADDRESS}ask/")
    assert "The broker takes no task" in page.text("//ul[@class='messagelist']")


def test_the_mark_of_development_stands_where_the_offices_own_body_is_embedded(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = "//footer[@data-development]"
    assert len(Page.get(client, "/cases/").all(mark)) == 1
    monkeypatch.setitem(settings.OVERA, "BODY_OF_OFFICE", {"071": "dead"})
    assert Page.get(client, "/cases/").all(mark) == []
    assert len(Page.get(Client(), "/login/").all(mark)) == 1  # some office's body is embedded

"""How a desk is, as the office's pages and the administration show it."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from registration.admin.counter import DeskAdmin
from registration.models import Desk, Office, User
from registration.queries.desks import DeskState
from registration.services import conversation
from tests.desk.speaker import HELLO, Speaker
from tests.pages.page import Page
from tests.people import employee, logged_in
from tests.registration.conftest import office, officer, sentences

__all__ = ["office", "officer", "sentences"]


@pytest.fixture
def speaker(office: Office) -> Speaker:
    made = Speaker()
    made.enrolled(office)
    return made


def faults(speaker: Speaker, body: object = None, **header: float) -> list[str]:
    conversation.receive(speaker.says(body=body, **header))
    return list(DeskState.of(Desk.objects.get(code=speaker.code)).faults)


def test_a_sound_desk_has_no_fault(speaker: Speaker) -> None:
    assert faults(speaker) == []


def test_an_agent_of_another_major_version_is_named(speaker: Speaker) -> None:
    assert faults(speaker, HELLO | {"version": "1.9"}) == []
    assert faults(speaker, HELLO | {"version": "2.0"}) == [
        (
            "The desk's program has version 2.0, the server needs 1.0: install that version on the"
            " counter's computer."
        )
    ]


@pytest.mark.parametrize(("off", "said"), [(-45, "45 seconds slow"), (40, "40 seconds fast")])
def test_a_clock_that_is_off_is_named(speaker: Speaker, off: int, said: str) -> None:
    now = time.time()
    assert faults(speaker, issued_at=now + off, expires_at=now + off + 60) == [
        (
            f"The desk's clock is {said}. Let it be set from the network: beyond a minute the desk"
            " is not heard."
        )
    ]


def test_a_clock_so_wrong_that_the_desk_is_refused_is_named(speaker: Speaker) -> None:
    old = time.time() - 3600
    said = speaker.says(issued_at=old, expires_at=old + 60)
    conversation.receive(said)
    desk = Desk.objects.get()
    assert desk.seen_at is None
    assert DeskState.of(desk).faults[0].startswith("The desk's clock is 3600 seconds slow.")
    assert faults(speaker) == []
    conversation.receive(said)  # somebody repeats it
    assert DeskState.of(Desk.objects.get()).faults == ()


def test_what_the_desk_lacks_is_named(speaker: Speaker) -> None:
    nothing = HELLO | {"reader": None, "card_present": False}
    assert faults(speaker, nothing | {"readers": [], "service": False}) == [
        "The card service of the desk does not run. Start pcscd again."
    ]
    assert faults(speaker, nothing | {"readers": ["Reader B"], "unsent": 3}) == [
        "The reader that the desk is set up for is not plugged in. It sees: Reader B.",
        "3 answers are not sent yet.",
    ]


def test_the_office_reads_it_beside_its_cases(speaker: Speaker, officer: User) -> None:
    faults(speaker, HELLO | {"version": "2.0"})
    said = Page.get(logged_in(officer), "/desks/").text("//div[@data-desk='desk-1']")
    assert said.startswith("desk-1: Reader A, card in the reader · heard of ")
    assert said.rstrip().endswith("install that version on the counter's computer.")


@pytest.fixture
def administrator(office: Office) -> Client:
    return logged_in(employee("ana", office, "administrator"))


def test_the_administrator_reads_it_in_the_list_and_in_the_row(
    speaker: Speaker, administrator: Client
) -> None:
    faults(speaker, HELLO | {"readers": ["Reader A", "Reader B"], "version": "2.0"})
    listed = Page.get(administrator, "/admin/registration/desk/")
    assert listed.text("//td[contains(@class, 'field-last_word')]").startswith("heard of ")
    row = Page.get(administrator, f"/admin/registration/desk/{Desk.objects.get().pk}/change/")
    assert row.text("//div[contains(@class, 'field-all_readers')]//div[@class='readonly']") == (
        "Reader A, Reader B"
    )
    Desk.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    listed = Page.get(administrator, "/admin/registration/desk/")
    assert "ago" not in listed.text("//td[contains(@class, 'field-last_word')]")


def test_what_the_administrator_saves_leaves_the_desks_numbers_alone(speaker: Speaker) -> None:
    opened = Desk.objects.get()  # as the administrator's page was loaded
    conversation.receive(speaker.says())
    opened.name = "Desk One"
    typed = SimpleNamespace(changed_data=["name"])
    DeskAdmin(Desk, admin.site).save_model(HttpRequest(), opened, typed, change=True)
    after = Desk.objects.get()
    assert (after.name, after.last_accepted) == ("Desk One", speaker.last)

"""An issuing waits, visibly, while the certification body is away, and goes on by itself."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from archive.models import AuditEvent
from cardops.messages import Keys
from registration import tasks
from registration.models import Application, Certificate, Desk, Issuance, User
from registration.services import enrolments, issuances, resumptions
from registration.workflow.issuance import Stage
from tests.ca.cards import Card
from tests.pages import counter
from tests.pages.page import Page
from tests.people import logged_in
from tests.registration import making

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_certificate")]

SOON = timedelta(seconds=11)


@pytest.fixture
def body_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Take the body away, or bring it back: its folder is none, or its own again."""
    (tmp_path / "file").touch()
    folders = {"away": tmp_path / "file", "back": settings.OVERA["CA"]["FOLDER"]}

    def set_to(where: str) -> None:
        monkeypatch.setitem(settings.OVERA, "CA", settings.OVERA["CA"] | {"FOLDER": folders[where]})

    return set_to


@pytest.fixture
def waiting(officer: User, desk: Desk, body_is: Callable[[str], None]) -> tuple[Issuance, Card]:
    """Return an issuing that the body left alone after the card had asked, and the card."""
    put_in(desk)
    issuance = making.started(officer, desk)
    card = making.request(issuance)
    body_is("away")
    assert not enrolments.enrol(str(issuance.pk))
    return issuance, card


def put_in(desk: Desk, *, card: bool = True) -> None:
    Desk.objects.filter(pk=desk.pk).update(card_present=card)


def stage(issuance: Issuance) -> tuple[str, str]:
    now = Issuance.objects.get(pk=issuance.pk)
    return now.stage, now.failure_code


def went_on(after: timedelta = SOON) -> list[object]:
    return list(resumptions.go_on(timezone.now() + after))


def test_it_goes_on_when_the_body_is_back(
    waiting: tuple[Issuance, Card], body_is: Callable[[str], None]
) -> None:
    issuance, card = waiting
    assert stage(issuance) == (Stage.INTERRUPTED, "ca-unreachable")
    assert went_on() == []
    assert stage(issuance) == (Stage.INTERRUPTED, "ca-unreachable")
    body_is("back")
    assert went_on() == [issuance.pk]
    assert went_on() == []
    assert stage(issuance) == (Stage.WAITING_CA, "")
    assert enrolments.enrol(str(issuance.pk))
    making.written(issuance, card)
    assert stage(issuance) == (Stage.CONFIRMED, "")
    assert Certificate.objects.count() == 1
    resumed = AuditEvent.objects.get(event="issuance.resume")
    assert (resumed.actor, resumed.facts["stage"]) == ("system", Stage.WAITING_CA)


def test_before_the_key_is_made_it_waits_too(
    officer: User, desk: Desk, body_is: Callable[[str], None]
) -> None:
    put_in(desk)
    Desk.objects.update(public_keys=Keys.generate().public.to_json())
    issuance = making.started(officer, desk)
    body_is("away")
    assert issuances.command(str(issuance.pk)) is None
    assert stage(issuance) == (Stage.INTERRUPTED, "ca-unreachable")
    body_is("back")
    assert went_on() == [issuance.pk]
    assert stage(issuance) == (Stage.WAITING_CARD, "")
    assert issuances.command(str(issuance.pk)) is not None


def test_before_it_is_written_it_waits_too(
    officer: User, desk: Desk, body_is: Callable[[str], None]
) -> None:
    put_in(desk)
    issuance = making.started(officer, desk)
    card = making.request(issuance)
    assert enrolments.enrol(str(issuance.pk))
    body_is("away")
    assert issuances.command(str(issuance.pk)) is None
    body_is("back")
    assert went_on() == [issuance.pk]
    making.written(issuance, card)
    assert stage(issuance) == (Stage.CONFIRMED, "")


def test_nothing_is_issued_for_a_card_that_is_gone(
    waiting: tuple[Issuance, Card], desk: Desk, body_is: Callable[[str], None], officer: User
) -> None:
    issuance, card = waiting
    put_in(desk, card=False)
    body_is("back")
    assert went_on() == []
    put_in(desk)
    assert went_on(timedelta(minutes=61)) == []  # somebody else's card may lie there by now
    issuances.resume(issuance, by=officer)
    assert enrolments.enrol(str(issuance.pk))
    making.written(issuance, card)
    assert stage(issuance) == (Stage.CONFIRMED, "")


def test_a_desk_at_work_is_left_alone(
    waiting: tuple[Issuance, Card], desk: Desk, body_is: Callable[[str], None], officer: User
) -> None:
    issuance, _card = waiting
    body_is("back")
    other = making.started(officer, desk)
    assert went_on() == []
    making.interrupt(other, "no-card")
    assert went_on() == [issuance.pk]


def test_a_silent_desk_is_left_alone(
    waiting: tuple[Issuance, Card], desk: Desk, body_is: Callable[[str], None]
) -> None:
    body_is("back")
    Desk.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert went_on() == []


def test_what_stands_still_for_another_reason_waits_for_a_person(officer: User, desk: Desk) -> None:
    put_in(desk)
    making.interrupted(officer, desk, "no-space")
    assert went_on() == []


def test_a_body_that_answers_and_does_nothing_is_asked_ever_less(
    waiting: tuple[Issuance, Card], body_is: Callable[[str], None]
) -> None:
    issuance, _card = waiting
    for pause in (10, 20, 40):
        body_is("back")
        assert went_on(timedelta(seconds=pause - 1)) == []
        assert went_on(timedelta(seconds=pause + 1)) == [issuance.pk]
        body_is("away")
        assert not enrolments.enrol(str(issuance.pk))


def test_the_sweep_hands_it_to_a_worker(
    waiting: tuple[Issuance, Card], body_is: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    issuance, _card = waiting
    sent: list[str] = []
    monkeypatch.setattr(tasks.command, "delay", sent.append)
    work = tasks.go_on_with_what_waited
    monkeypatch.setattr(work, "apply_async", lambda **_options: work())
    body_is("back")
    tasks.sweep()
    assert sent == []  # too early
    later = timezone.now() + SOON
    monkeypatch.setattr(timezone, "now", lambda: later)
    tasks.sweep()
    assert sent == [str(issuance.pk)]


def test_everything_but_the_making_goes_on_meanwhile(
    waiting: tuple[Issuance, Card], officer: User, desk: Desk
) -> None:
    issuance, _card = waiting
    client = logged_in(officer)
    groups = Page.get(client, "/cases/").all("//tbody[@data-group='body-away']/tr/@data-case")
    assert groups == [issuance.application.number]
    page = Page.get(client, f"/cases/{issuance.application.number}/")
    assert page.one("//*[@id='failure']").get("data-failure") == "ca-unreachable"
    signed = counter.signed(officer, desk)
    assert Application.objects.get(pk=signed.pk).state == "signed"

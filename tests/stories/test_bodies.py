"""The administrator looks how the certification bodies are, and asks one that was away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from registration.models import BodyHealth
from registration.queries import bodies
from registration.services import body_health, enrolments
from tests.registration import making
from tests.registration.bodies import away, counter_at, dead, embedded, set_to
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser
from tests.stories.office import Office, wait_for

ADDRESS = "/admin/bodies/"
_DEFAULT = '[data-body=""]'


@pytest.mark.browser
@pytest.mark.parametrize("language", people.TOLD_IN)
def test_three_bodies_on_one_page(
    live_server: LiveServer, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One answers, one is away while an issuing waits for it, one is dead."""
    made = {"second": embedded(tmp_path / "second"), "third": dead(tmp_path / "third")}
    set_to(monkeypatch, made, {"072": "second", "073": "third"})
    filed.place()
    waiting = making.started(*counter_at("072", "Zemun").at)
    making.request(waiting)
    with chromium.browser() as administrator:
        people.log_in(administrator, live_server.url, "administrator", language)
        administrator.open(live_server.url + ADDRESS)
        administrator.shot("bodies-unasked")
        with away("second", tmp_path / "file"):
            enrolments.enrol(str(waiting.pk))
            ask_all()
        see(administrator, "second", "no", live_server.url)
        administrator.shot("bodies-down")
        ask_all()
        see(administrator, "second", "yes", live_server.url)
        administrator.shot("bodies-up")


@pytest.mark.stack
@pytest.mark.card
@pytest.mark.browser
def test_asked_by_a_button_it_is_seen_to_go_and_to_come_back(office: Office) -> None:
    url = office.stack.address
    with chromium.browser() as administrator:
        people.log_in(administrator, url, "administrator", "sr")
        for well in (True, False, True):
            with folder_there(there=well):
                press(administrator, url)
                wait_for(lambda well=well: heard(well=well))
            see(administrator, "", "yes" if well else "no", url)


def ask_all() -> None:
    for name in bodies.names():
        body_health.ask(name)


def see(administrator: Browser, body: str, well: str, url: str) -> None:
    administrator.open(url + ADDRESS)
    administrator.see(f'[data-body="{body}"][data-well="{well}"]')


def press(administrator: Browser, url: str) -> None:
    administrator.open(url + ADDRESS)
    administrator.leave("ask")
    administrator.see(".messagelist .success")


def heard(*, well: bool) -> bool:
    return BodyHealth.objects.filter(body="", ok=well).exists()


@contextmanager
def folder_there(*, there: bool) -> Iterator[None]:
    """Put a file in the place of the default body's folder, where it is not to be there."""
    if there:
        yield
        return
    folder = Path(settings.OVERA["CA"]["FOLDER"])
    aside = folder.rename(folder.with_name("ca-aside"))
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)

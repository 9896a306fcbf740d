"""Papers that an office seals: what its people see of it, and a worker that is killed at it."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from registration.models import PaperSeal
from registration.seals.base import KeyFile
from tests.registration import making
from tests.seals.conftest import authority, key, server
from tests.seals.office import record, rows, section, states, sweep
from tests.seals.stamper import Stamper
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser
from tests.stories.office import Office, wait_for

__all__ = ["authority", "key", "server"]

PREFIX = "OVERA_SEAL_"
State = PaperSeal.State


@pytest.fixture
def sealing(
    monkeypatch: pytest.MonkeyPatch, authority: Stamper, key: KeyFile, tmp_path: Path
) -> dict[str, str]:
    made = section(authority, key, tmp_path, "B-LTA")
    monkeypatch.setitem(settings.OVERA, "SEAL", made)
    return made


@pytest.mark.browser
@pytest.mark.parametrize("language", people.TOLD_IN)
def test_people_see_which_papers_are_sealed(
    live_server: LiveServer, authority: Stamper, sealing: dict[str, str], language: str
) -> None:
    officer, desk = filed.place()
    case = making.filed(officer, desk)
    authority.answer = lambda _query: (503, "text/plain", b"")
    sweep()
    with chromium.browser() as manager:
        people.log_in(manager, live_server.url, "manager", language)
        see_what_waits(manager, live_server.url)
    authority.answer = authority.granted
    assert sweep(timedelta(minutes=1)) + sweep() == [None] * 5
    with chromium.browser() as clerk:
        people.log_in(clerk, live_server.url, "clerk", language)
        see_what_is_sealed(
            clerk, live_server.url + reverse("archive:record", args=[record(case).pk])
        )


def see_what_waits(manager: Browser, address: str) -> None:
    manager.open(f"{address}/admin/registration/paperseal/")
    assert len(manager.all("#result_list tbody tr")) == 5
    manager.shot("list-paperseal")
    manager.follow("#result_list tbody th a")
    assert manager.all("input[type=submit]") == []
    manager.shot("row-paperseal")


def see_what_is_sealed(clerk: Browser, address: str) -> None:
    clerk.open(address)
    sealed = clerk.all("[data-edition=sealed] [data-open]")
    assert len(sealed) == 5
    assert clerk.fetch(str(sealed[0].get_attribute("href")))[:2] == (200, "application/pdf")
    clerk.shot("record-sealed")


@pytest.fixture
def programs(office: Office, sealing: dict[str, str]) -> Iterator[Office]:
    """Let the running programs seal, and no longer when the story is over."""
    given = {f"{PREFIX}{name}": value for name, value in sealing.items()}
    office.stack.environment.update(given)
    _restart(office, "worker")
    yield office
    for name in given:
        del office.stack.environment[name]
    _restart(office, "worker")


def _restart(office: Office, name: str) -> None:
    office.stack.children[name].stop()
    office.revive(name)


@pytest.mark.stack
@pytest.mark.card
def test_a_worker_that_is_killed_while_it_seals(programs: Office, authority: Stamper) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def hold(query: bytes) -> tuple[int, str, bytes]:
        asked.set()
        go_on.wait(30)
        return authority.granted(query)

    authority.answer = hold
    case = making.filed(programs.officer, programs.desk)
    assert asked.wait(30), "no worker came to seal"
    programs.kill("worker")
    authority.answer = authority.granted
    go_on.set()
    assert states(case) == [State.WAITING] * 5
    programs.revive("worker")
    wait_for(lambda: states(case).count(State.SEALED) == 4)
    lost = next(row for row in rows(case) if row.state == State.WAITING)
    assert (lost.tries, record(case).files.count()) == (1, 9)
    assert lost.claimed_until
    assert lost.claimed_until > timezone.now()
    let_the_lease_end(lost)
    wait_for(lambda: states(case) == [State.SEALED] * 5)
    assert record(case).files.count() == 10


def let_the_lease_end(lost: PaperSeal) -> None:
    """Let five minutes be over."""
    before = timezone.now() - timedelta(seconds=1)
    PaperSeal.objects.filter(pk=lost.pk).update(claimed_until=before, due_at=before)

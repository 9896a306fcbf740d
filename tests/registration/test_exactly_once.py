"""Workers killed at every step of the conversation with a body that really issues.

The verdict is the body's: in its own database there is one certificate that counts, or none.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from registration.ca.cmp.exchange import Line
from registration.ca.embedded.authority import EmbeddedCA
from registration.models import Certificate, Desk, Issuance, User
from registration.services import acceptances, enrolments, issuances, revocations, transactions
from tests.ca.cards import Card
from tests.ca.cmp import castle, papers
from tests.registration import making

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("one_certificate"),
]

SECRET = "a secret of the tests, long enough"


@dataclass(frozen=True)
class Body:
    folder: Path
    port: int

    def states(self) -> list[str]:
        return castle.states(self.folder)

    def section(self) -> dict[str, Any]:
        return {
            "CONNECTOR": "cmp",
            "URL": f"http://127.0.0.1:{self.port}/",
            "CHAIN": self.folder / "chain.pem",
            "REFERENCE": "overa",
            "SECRET_FILE": self.folder / "secret",
        }


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Body]:
    folder = tmp_path_factory.mktemp("castle")
    (folder / "secret").write_text(SECRET)
    papers.write(folder / "chain.pem", *EmbeddedCA(folder / "ca").chain())
    command = [sys.executable, "-m", "tests.ca.cmp.castle", str(folder), SECRET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield Body(folder, int(server.stdout.readline()))
        server.terminate()


@pytest.fixture
def body(running: Body, monkeypatch: pytest.MonkeyPatch) -> Body:
    castle.forget(running.folder)
    monkeypatch.setitem(settings.OVERA, "CA", running.section())
    return running


@dataclass(frozen=True)
class Case:
    issuance: Issuance
    card: Card

    def now(self) -> Issuance:
        return Issuance.objects.get(pk=self.issuance.pk)

    def enrol(self) -> bool:
        return enrolments.enrol(str(self.issuance.pk))

    def write(self) -> None:
        making.written(self.now(), self.card)

    def tell(self) -> None:
        acceptances.tell(str(self.issuance.pk))

    def finish(self) -> None:
        """Do what is left, as the worker does it that comes after the killed one."""
        if self.now().stage == "waiting_ca":
            self.enrol()
        if self.now().stage == "writing":
            self.write()
        self.tell()


@pytest.fixture
def case(officer: User, desk: Desk) -> Case:
    issuance = making.started(officer, desk)
    return Case(issuance, making.request(issuance))


def killed(act: Callable[[], object], owner: object, name: str) -> None:
    """Let another process act, and kill it where it calls `name` of `owner`."""
    connections.close_all()
    child = os.fork()
    if not child:
        signal.alarm(60)  # rather than hang for ever
        setattr(owner, name, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


@contextmanager
def later() -> Iterator[None]:
    moment = timezone.now() + timedelta(seconds=31)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        yield


def one_live(body: Body, *before: str) -> None:
    assert body.states() == [*before, "confirmed"]
    assert Certificate.objects.filter(revoked_at=None).count() == 1
    assert Issuance.objects.get().acceptance == "told"


@pytest.mark.parametrize(
    ("owner", "name", "before"),
    [
        (Line, "exchange", []),  # on record, never sent
        (enrolments, "_take", ["rejected"]),  # the answer dies with the worker
        (enrolments, "_row", ["rejected"]),
    ],
)
def test_killed_while_asking_a_person_lets_it_be_asked_anew(
    body: Body,
    case: Case,
    officer: User,
    owner: object,
    name: str,
    before: list[str],
) -> None:
    killed(case.enrol, owner, name)
    assert not case.enrol()
    with later():
        assert not case.enrol()
    assert case.now().stage == "unknown"
    issuances.resume(case.now(), by=officer)
    case.finish()
    one_live(body, *before)


def test_killed_while_asking_a_person_gives_it_up(body: Body, case: Case, officer: User) -> None:
    killed(case.enrol, enrolments, "_take")
    with later():
        case.enrol()
    assert body.states() == ["issued"]
    revocations.give_up(case.now().application, "odustao", by=officer)
    assert body.states() == ["rejected"]
    assert Certificate.objects.count() == 0


def test_killed_between_answer_and_card(body: Body, case: Case) -> None:
    killed(lambda: case.enrol() and case.write(), making, "written")
    assert case.now().stage == "writing"
    case.finish()
    one_live(body)


def test_killed_between_card_and_confirmation(body: Body, case: Case) -> None:
    assert case.enrol()
    case.write()
    killed(case.tell, Line, "exchange")
    assert body.states() == ["issued"]
    with later():
        case.tell()
    one_live(body)


def test_killed_after_the_confirmation_arrived(body: Body, case: Case) -> None:
    assert case.enrol()
    case.write()
    killed(case.tell, acceptances, "_note")
    assert body.states() == ["confirmed"]
    with later():
        case.tell()
    one_live(body)


def test_killed_while_giving_up_nothing_stays_valid(body: Body, case: Case, officer: User) -> None:
    """Rejecting twice is too late for the body: the second time it is revoked."""

    def give_up() -> None:
        revocations.give_up(case.now().application, "odustao", by=officer)

    assert case.enrol()
    making.interrupt(case.now(), "no-space")
    killed(give_up, revocations, "_note_rejected")
    assert body.states() == ["rejected"]
    give_up()
    assert body.states() == ["revoked"]
    assert Certificate.objects.filter(revoked_at=None).count() == 0
    assert case.now().stage == "abandoned"


def test_two_workers_ask_once(body: Body, case: Case) -> None:
    """The second comes while the first waits for the answer."""
    exchange = Line.exchange

    def meanwhile(line: Line, message: bytes, profile: str) -> bytes:
        assert not case.enrol()
        return exchange(line, message, profile)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Line, "exchange", meanwhile)
        assert case.enrol()
    case.finish()
    one_live(body)


def test_what_is_kept_of_the_conversation_is_closed_at_the_end(body: Body, case: Case) -> None:
    case.finish()
    assert transactions.of(case.now()).phase == ""

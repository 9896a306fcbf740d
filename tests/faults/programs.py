"""The counter's real programs, one of which is killed while another stands at a journal's step."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from http import cookiejar
from pathlib import Path
from urllib import error, parse, request

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from cardops.virtual import service
from config.supervisor.stack import Stack
from registration.models import User
from tests.faults.nursery import Nursery, Nursling
from tests.faults.place import Place

_PATIENCE = 90.0  # seconds until a program is where it should be
_SPARED = ("scans", "long", "beat")  # have no part in an issuing; the harness sends the sweep
_OF_THE_SERVER = ("worker", "web")
_TOKEN = "A" * 32  # of both sides of the check against forged requests


class Programs(Stack):
    """Broker, worker, web and agent as the supervisor starts them, with a card of its own."""

    def __init__(self, place: Place, citizen: Sequence[str]) -> None:
        super().__init__(
            place.var,
            virtual=False,
            citizen=citizen,
            logs=True,
            settings=os.environ["DJANGO_SETTINGS_MODULE"],
            prepare=False,
        )
        self._place, self._nursery = place, Nursery(self.environment)
        self._reader = service.start(place.card, state_file=self._memory)

    def _add(self, name: str, command: Sequence[str]) -> None:
        """Start less, faster, and an agent that stands still where wanted."""
        if name.startswith(_SPARED):
            return
        if name in _OF_THE_SERVER:
            log = self.folder / "log" / f"{name}.log"
            self.children[name] = Nursling(self._nursery, command, log)
            self.children[name].start()
            return
        standing = "tests.faults.standing.agent"
        super()._add(name, [standing if part == "cardops.agent" else part for part in command])

    def _stop(self) -> None:
        super()._stop()
        self._nursery.close()
        service.stop(self._reader)

    @property
    def _memory(self) -> Path:
        return self._place.folder / "card.json"

    def kill(self, name: str) -> None:
        """End a program without a word."""
        if name == "pcscd":
            os.kill(_child_of(self._reader.pid), signal.SIGKILL)
            self._reader.wait(_PATIENCE)
            return
        child = self.children[name]
        os.kill(child.pid, signal.SIGKILL)
        wait_for(lambda: not child.running)

    def start_again(self, name: str) -> None:
        if name == "pcscd":
            self._reader = service.start(self._place.card, state_file=self._memory)
            return
        self.children[name].start()
        if name == "redis":
            wait_for(lambda: _quietly(self._redis_answers))


class Officer:
    """Presses the buttons of the case's page; the web server may be down."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = ""

    def log_in(self) -> None:
        user, session = User.objects.get(username="officer"), SessionStore()
        session[SESSION_KEY] = str(user.pk)
        (session[BACKEND_SESSION_KEY],) = settings.AUTHENTICATION_BACKENDS
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self._session = str(session.session_key)

    def press(self, step: str, number: str, **typed: str) -> bool:
        """Send the form; False when the server did not answer."""
        url = parse.urljoin(self._address, reverse(f"registration:{step}", args=[number]))
        cookies = f"sessionid={self._session}; csrftoken={_TOKEN}"
        data = parse.urlencode(typed | {"csrfmiddlewaretoken": _TOKEN}).encode()
        sent = request.Request(url, data, {"Cookie": cookies})  # noqa: S310 our own loopback
        try:
            _OPENER.open(sent, timeout=_PATIENCE).close()
        except error.HTTPError as answer:
            return answer.code == 302
        except OSError:
            return False
        return True


class _Stay(request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        """Follow nothing: the page would be made for nobody."""


_OPENER = request.build_opener(_Stay, request.HTTPCookieProcessor(cookiejar.CookieJar()))


def wait_for(true: Callable[[], object], patience: float = _PATIENCE) -> bool:
    """Wait until it is true; tell whether it came to that."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.01)
    return False


def _child_of(pid: int) -> int:
    """Return pcscd's process id: the only child of the card's service."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _quietly(answers: Callable[[], bool]) -> bool:
    with contextlib.suppress(OSError):
        return answers()
    return False

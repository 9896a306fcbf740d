"""The citizen screen: one page on this machine's loopback, for one card session.

The address carries a one-time token; Host and Origin must be our own; no other page may read an
answer. The server and the officer's page never learn the address.
"""

import json
import secrets
import threading
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from string import Template

from cardops import errors
from cardops.pin import held, words
from cardops.pin.browser import Browser
from cardops.pin.prompts import Prompt, Turn
from cardops.texts import Texts

_LARGEST = 8  # digits of a PIN
_FILES = {"screen.css": "text/css", "screen.js": "text/javascript"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_LINGER = 3.0  # seconds that the last word stays before the window closes


class CitizenScreen:
    """A `PinSource`: shows one prompt at a time and waits `seconds` for its answer."""

    def __init__(
        self,
        texts: Texts,
        *,
        seconds: float,
        browser: Sequence[str] | None,
    ) -> None:
        self._texts, self._seconds = texts, seconds
        self._prompt, self._number = Prompt(Turn.WAIT), 0
        self._answered, self._cancelled = threading.Event(), False
        self._answer = bytearray()
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._browser = Browser(browser)
        self._browser.open(self.url)

    @property
    def url(self) -> str:
        return f"{self._server.origin}/{self._server.token}"

    # the card's side

    def ask(self, prompt: Prompt) -> bytearray:
        return self._wait(prompt)

    def confirm_replacement(self) -> None:
        self._wait(Prompt(Turn.CONFIRM))

    def show(self, turn: Turn) -> None:
        self._prompt, self._number = Prompt(turn), self._number + 1

    def cancel(self) -> None:
        self._cancelled = True
        self._answered.set()

    def close(self) -> None:
        """Drop what was typed; the last word stays for a moment, then the window goes."""
        held.zero(self._answer)
        threading.Timer(_LINGER, self.end).start()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._browser.close()

    def _wait(self, prompt: Prompt) -> bytearray:
        self._answered.clear()
        self._prompt, self._number = prompt, self._number + 1
        answered = self._answered.wait(self._seconds)
        self.show(Turn.WAIT)
        if self._cancelled:
            raise errors.PinCancelledError
        if not answered:
            raise errors.PinTimeoutError(seconds=self._seconds)
        typed, self._answer = self._answer, bytearray()
        return typed

    # the page's side

    def state(self) -> bytes:
        prompt = self._prompt
        shown = {
            "state": prompt.turn,
            "prompt": self._number,
            "message": words.sentence(self._texts, prompt),
            "tries": words.tries(self._texts, prompt),
            "consent": prompt.last_try,
        }
        return json.dumps(shown).encode()

    def page(self) -> bytes:
        source = _file("screen.html").decode()
        named = words.labels(self._texts) | {"language": self._texts.language}
        return Template(source).substitute(named, base=f"/{self._server.token}").encode()

    def accept(self, number: int, typed: bytearray) -> bool:
        """Take the answer to prompt `number`; False when it is not the one that is asked."""
        if number != self._number or self._answered.is_set():
            held.zero(typed)
            return False
        self._answer = typed
        self._answered.set()
        return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, screen: CitizenScreen) -> None:
        self.screen, self.token = screen, secrets.token_urlsafe(32)
        super().__init__(("127.0.0.1", 0), _Handler)
        self.host = f"127.0.0.1:{self.server_port}"
        self.origin = f"http://{self.host}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10

    def do_GET(self) -> None:
        place = self._place()
        if place == "state":
            self._send(self.server.screen.state(), "application/json")
        elif place == "":
            self._send(self.server.screen.page(), "text/html; charset=utf-8")
        elif place in _FILES:
            self._send(_file(place), _FILES[place])
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        verb, _, number = (self._place() or "").partition("/")
        size = self.headers.get("Content-Length", "")
        own = self.headers.get("Origin") == self.server.origin
        if verb != "answer" or not own or not number.isdigit() or not size.isdigit():
            self.send_error(HTTPStatus.NOT_FOUND)
        elif int(size) > _LARGEST:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            typed = bytearray(int(size))
            self.rfile.readinto(typed)
            taken = self.server.screen.accept(int(number), typed)
            self._send(b"", "text/plain", HTTPStatus.OK if taken else HTTPStatus.CONFLICT)

    def _place(self) -> str | None:
        """Return what follows the token, None when Host or token are not ours."""
        token, _, place = self.path.lstrip("/").partition("/")
        known = secrets.compare_digest(token.encode(), self.server.token.encode())
        return place if known and self.headers.get("Host") == self.server.host else None

    def _send(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: an address here is a secret."""


def _file(name: str) -> bytes:
    return Path(str(resources.files("cardops.pin") / name)).read_bytes()

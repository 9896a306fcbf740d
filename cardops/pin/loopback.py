"""Serves one page to this machine: one token, one origin, no copy of what is typed into it."""

import secrets
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Protocol

from cardops.pin.held import zero
from cardops.pin.rules import BLOCK

_FILES = {"screen.css": "text/css", "screen.js": "text/javascript"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Page(Protocol):
    """What is served, and what hears the answers."""

    def html(self, base: str) -> bytes: ...

    def state(self) -> bytes:
        """Return as JSON what the page shows now."""

    def accept(self, number: int, typed: bytearray) -> bool:
        """Take the answer to a prompt, to be zeroed here; False when it is not asked (any more)."""

    def refuse(self, number: int) -> bool:
        """Take it that the citizen does not want to answer."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, page: Page) -> None:
        self.page, self.token = page, secrets.token_urlsafe(32)
        super().__init__(("127.0.0.1", 0), _Handler)
        self.host = f"127.0.0.1:{self.server_port}"
        self.origin = f"http://{self.host}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 10
    rbufsize = 0  # a buffered reader would keep a copy of the answer

    def do_GET(self) -> None:
        place = self._place()
        if place == "state":
            self._send(self.server.page.state(), "application/json")
        elif place == "":
            page = self.server.page.html(f"/{self.server.token}")
            self._send(page, "text/html; charset=utf-8")
        elif place in _FILES:
            self._send(file(place), _FILES[place])
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        verb, _, number = (self._place() or "").partition("/")
        size = self.headers.get("Content-Length", "")
        own = self.headers.get("Origin") == self.server.origin
        if not own or not number.isdigit() or not size.isdigit():
            self.send_error(HTTPStatus.NOT_FOUND)
        elif int(size) > BLOCK:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif verb == "answer":
            self._told(taken=self.server.page.accept(int(number), self._typed(int(size))))
        elif verb == "refuse":
            self._told(taken=self.server.page.refuse(int(number)))
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _typed(self, size: int) -> bytearray:
        """Read straight from the socket into one buffer."""
        typed = bytearray(size)
        try:
            self._fill(memoryview(typed))
        except OSError:
            zero(typed)
            raise
        return typed

    def _fill(self, buffer: memoryview) -> None:
        while buffer:
            read = self.rfile.readinto(buffer)
            if not read:
                raise ConnectionResetError
            buffer = buffer[read:]

    def _told(self, *, taken: bool) -> None:
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
        with suppress(BrokenPipeError):  # the page was closed
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: an address here is a secret."""


def file(name: str) -> bytes:
    return Path(str(resources.files("cardops.pin") / name)).read_bytes()

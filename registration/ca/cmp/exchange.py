"""Carries one message to the body and its answer back, over HTTP (RFC 9811)."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from registration.ca.errors import (
    AnswerLostError,
    CAError,
    CARefusedError,
    CAUnreachableError,
)

_TYPE = "application/pkixcmp"
_MOST_BYTES = 1_000_000
_OK, _REDIRECT, _CLIENT_ERROR, _SERVER_ERROR = 200, 300, 400, 500


@dataclass(frozen=True)
class Line:
    """`{profile}` in the address is replaced: bodies choose what they issue by it."""

    url: str
    patience: float  # seconds for connecting, and again for the whole exchange
    tls_roots: Path | None = None

    def exchange(self, message: bytes, profile: str) -> bytes:
        """Return the answer's bytes.

        Raises CAUnreachableError while nothing was sent, AnswerLostError afterwards, and
        CARefusedError where the web server in front of the body would not have it.
        """
        parts = urlsplit(self.url.replace("{profile}", profile))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with closing(self._connection(parts.scheme, parts.netloc)) as connection:
            _connect(connection)
            with _deadline(connection, self.patience):
                return _post(connection, target, message)

    def _connection(self, scheme: str, place: str) -> http.client.HTTPConnection:
        if scheme != "https":
            return http.client.HTTPConnection(place, timeout=self.patience)
        context = ssl.create_default_context(cafile=self.tls_roots)
        return http.client.HTTPSConnection(place, timeout=self.patience, context=context)


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except OSError as error:
        raise CAUnreachableError(_name(error)) from error


@contextmanager
def _deadline(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """End the exchange after that time, however slowly the bytes drip."""
    ended = threading.Event()
    timer = threading.Timer(seconds, _hang_up, (connection.sock, ended))
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        reason = "timed-out" if ended.is_set() else _name(error)
        raise AnswerLostError(reason) from error
    finally:
        timer.cancel()


def _hang_up(line: socket.socket, ended: threading.Event) -> None:
    ended.set()
    with suppress(OSError):  # it was closed at this very moment
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _post(connection: http.client.HTTPConnection, target: str, message: bytes) -> bytes:
    headers = {"Content-Type": _TYPE, "Connection": "close"}
    connection.request("POST", target, message, headers)
    with closing(connection.getresponse()) as response:
        if response.status != _OK:
            raise _refused(response.status)
        if response.headers.get_content_type() != _TYPE:
            raise AnswerLostError("answer-is-no-cmp")
        answer = response.read(_MOST_BYTES + 1)
    if len(answer) > _MOST_BYTES:
        raise AnswerLostError("answer-too-long")
    return answer


def _refused(status: int) -> CAError:
    """Tell who refused: below 500 the web server itself, which never asked the body."""
    reason = f"http-{status}"
    if _REDIRECT <= status < _SERVER_ERROR:
        return CARefusedError(reason)
    return AnswerLostError(reason)


def _name(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timed-out"
    return type(error).__name__

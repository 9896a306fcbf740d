"""One question over HTTP and its answer: bounded in time and bytes; redirects are not followed."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from registration.ca.errors import AnswerLostError, CAError, CAUnreachableError

REDIRECT, SERVER_ERROR = 300, 500
_MOST_BYTES = 1_000_000
_NOT_US = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED", "HANDSHAKE_FAILURE")  # in names of alerts


@dataclass(frozen=True)
class Tls:
    """Which roots are trusted (None: the system's), and the certificate that says who we are."""

    roots: Path | None = None
    key: Path | None = None
    certificates: Path | None = None
    passphrase: bytes = field(default=b"", repr=False)

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.roots)
        if self.certificates:
            context.load_cert_chain(self.certificates, self.key, lambda: self.passphrase)
        return context


@dataclass(frozen=True)
class Question:
    """`kind` is the content type of the body."""

    method: str
    url: str
    body: bytes | None = None
    kind: str = ""


@dataclass(frozen=True)
class Reply:
    status: int
    kind: str
    body: bytes


def ask(question: Question, patience: float, tls: Tls) -> Reply:
    """Return the answer, whatever its status; `patience` is for connecting, and again for the rest.

    Raises CAUnreachableError while the question has not left as a whole, or where the server does
    not accept our certificate, and AnswerLostError for what goes wrong afterwards.
    """
    parts = urlsplit(question.url)
    with closing(_connection(parts.scheme, parts.netloc, patience, tls)) as connection:
        with _failing_as(CAUnreachableError):
            connection.connect()
        with _deadline(connection, patience) as ended:
            with _failing_as(CAUnreachableError, ended):
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                _send(connection, target, question)
            with _failing_as(AnswerLostError, ended):
                return _receive(connection)


def _connection(scheme: str, place: str, patience: float, tls: Tls) -> http.client.HTTPConnection:
    if scheme != "https":
        return http.client.HTTPConnection(place, timeout=patience)
    return http.client.HTTPSConnection(place, timeout=patience, context=tls.context())


@contextmanager
def _failing_as(fault: type[CAError], ended: threading.Event | None = None) -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        late = ended is not None and ended.is_set()
        raise _not_us(error) or fault("timed-out" if late else _name(error)) from error


@contextmanager
def _deadline(connection: http.client.HTTPConnection, seconds: float) -> Iterator[threading.Event]:
    """End the exchange after that time, however slowly the bytes drip."""
    ended = threading.Event()
    timer = threading.Timer(seconds, _hang_up, (connection.sock, ended))
    timer.daemon = True
    timer.start()
    try:
        yield ended
    finally:
        timer.cancel()


def _hang_up(line: socket.socket, ended: threading.Event) -> None:
    ended.set()
    with suppress(OSError):  # it was closed at this very moment
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _send(connection: http.client.HTTPConnection, target: str, question: Question) -> None:
    headers = {"Connection": "close"} | ({"Content-Type": question.kind} if question.kind else {})
    connection.request(question.method, target, question.body, headers)


def _receive(connection: http.client.HTTPConnection) -> Reply:
    with closing(connection.getresponse()) as response:
        body = response.read(_MOST_BYTES + 1)
        if len(body) > _MOST_BYTES:
            raise AnswerLostError("answer-too-long")
        if response.length:  # of what was announced
            raise http.client.IncompleteRead(body, response.length)
        return Reply(response.status, response.headers.get_content_type(), body)


def _not_us(error: Exception) -> CAUnreachableError | None:
    """Tell a server that does not accept our certificate: it read nothing of the question.

    With TLS 1.3 its alert comes when the handshake is over for us (RFC 8446, section 4.4.2.4).
    """
    reason = getattr(error, "reason", None) or ""
    alert = isinstance(error, ssl.SSLError) and "ALERT" in reason
    if alert and any(word in reason for word in _NOT_US):
        return CAUnreachableError("client-certificate-refused")
    return None


def _name(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timed-out"
    return type(error).__name__

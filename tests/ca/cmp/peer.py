"""The way to a CMP server of others, on which a test may change, lose and record what passes."""

import http.client
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.ca.tls import Server

PORT = 8080  # inside of its own network namespace: nobody else has it
PATIENCE = 15.0  # seconds until a server must listen
TYPE = "application/pkixcmp"


class LostError(Exception):
    """Raised by a `change` that lets the connection end without an answer."""


@dataclass(frozen=True)
class Reply:
    body: bytes
    status: int = 200
    content_type: str = TYPE


@dataclass
class Way:
    """`change` is what happens to an answer: bytes, a Reply, or LostError."""

    socket: Path
    url: str = ""
    change: Callable[[bytes], bytes | Reply] | None = None
    asked: list[bytes] = field(default_factory=list)
    answered: list[bytes] = field(default_factory=list)

    def carry(self, question: bytes) -> Reply:
        self.asked.append(question)
        answer = post(self.socket, question)
        self.answered.append(answer)
        changed = self.change(answer) if self.change else answer
        return changed if isinstance(changed, Reply) else Reply(changed)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


def post(path: Path, question: bytes) -> bytes:
    connection = UnixConnection(path)
    headers = {"Content-Type": TYPE, "Connection": "close"}
    connection.request("POST", "/", question, headers)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    assert response.status == 200, (response.status, answer)
    return answer


@contextmanager
def way(path: Path, tls: ssl.SSLContext | None = None) -> Iterator[Way]:
    """Open an address on loopback that leads to the server's socket."""
    leading = Way(path)
    server = Server(handler(leading), tls)
    leading.url = server.url
    with server.running():
        yield leading


def handler(leading: Way) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                reply = leading.carry(question)
            except LostError:
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_facts: object) -> None:
            return

    return Handler


@contextmanager
def served(folder: Path, command: list[str]) -> Iterator[Path]:
    """Run a server that listens on PORT; yield the socket that leads to it."""
    path = folder / "cmp.sock"
    path.unlink(missing_ok=True)
    inside = [sys.executable, "-m", "tests.ca.cmp.namespace", str(path), str(PORT), *command]
    with (folder / "server.log").open("wb") as said:
        server = subprocess.Popen(["unshare", "--net", *inside], stdout=said, stderr=said)
    try:
        await_listening(path, server)
        yield path
    finally:
        server.terminate()
        server.wait(10)


def await_listening(path: Path, server: subprocess.Popen[bytes]) -> None:
    """Knock until a connection stays open."""
    deadline = time.monotonic() + PATIENCE
    while not knocks(path):
        assert server.poll() is None, "the server ended: see server.log"
        assert time.monotonic() < deadline, "the server does not listen: see server.log"
        time.sleep(0.02)


def knocks(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as knocking:
        try:
            knocking.connect(str(path))
            knocking.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return bool(knocking.recv(1))
        except OSError:
            return False

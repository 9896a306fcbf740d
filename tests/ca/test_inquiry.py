"""Many certificates asked about over HTTP: who is asked, how often, and who is not believed."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from registration.ca.base import State
from registration.ca.status.answer import Answer, Source
from registration.ca.status.asking import Inquiry, Sources, Told
from tests.ca.answers import Body, now

NAMES = ("good", "revoked", "held")
ADDRESSES = """
[addressed]
keyUsage = critical,nonRepudiation
authorityInfoAccess = OCSP;URI:{0}/ocsp
crlDistributionPoints = URI:{0}/list.crl
"""


@dataclass
class Web:
    """A body's web server: openssl behind it; `ill` names what does not work."""

    address: str = ""
    body: Body | None = None
    ill: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, question: bytes) -> tuple[int, bytes, dict[str, str]]:
        assert self.body is not None
        self.asked.append(path)
        if path in self.ill:
            return 503, b"", {}
        if path == "/slow":
            time.sleep(0.3)
        if path == "/elsewhere":
            return 302, b"", {"Location": f"file://{self.body.folder}/list.der"}
        if path == "/ocsp":
            return 200, self.body.answer(question), {}
        return 200, self.body.crl(), {}


class Handler(BaseHTTPRequestHandler):
    web: Web

    def do_POST(self) -> None:
        self.reply(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        self.reply(b"")

    def reply(self, question: bytes) -> None:
        code, data, headers = self.web.answer(self.path, question)
        self.send_response(code)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its name
        """Keep the tests' output clean."""


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of an asker who did not wait."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    web = Web()
    listening = Server(("127.0.0.1", 0), type("Own", (Handler,), {"web": web}))
    web.address = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    web.body = Body.make(tmp_path_factory.mktemp("body"))
    with (web.body.folder / "body.cnf").open("a") as file:
        file.write(ADDRESSES.format(web.address))
    for name in NAMES:
        web.body.issue(name, "addressed")
    web.body.revoke("revoked", "-crl_reason", "superseded")
    web.body.revoke("held", "-crl_hold", "holdInstructionNone")
    yield web
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def web(server: Web) -> Web:
    server.ill.clear()
    server.asked.clear()
    return server


def ask(web: Web, sources: Sources | None = None, *names: str) -> dict[str, Told]:
    assert web.body is not None
    certificates = {name: web.body.certificate(name) for name in names or NAMES}
    inquiry = Inquiry(web.body.issuer, sources or Sources(), now())
    told = inquiry.tell(list(certificates.values()))
    return {name: told[each.serial_number] for name, each in certificates.items()}


def said(told: dict[str, Told]) -> dict[str, tuple[str, str]]:
    return {
        name: (each.source, each.state) if isinstance(each, Answer) else ("", each.reason)
        for name, each in told.items()
    }


def told_by(source: Source) -> dict[str, tuple[str, str]]:
    states = (State.VALID, State.REVOKED, State.SUSPENDED)
    return {name: (source, state) for name, state in zip(NAMES, states, strict=True)}


def test_each_is_asked_about_where_its_certificate_says(web: Web) -> None:
    assert said(ask(web)) == told_by(Source.OCSP)
    assert web.asked == ["/ocsp"] * 3


def test_a_silent_responder_is_asked_once_and_the_list_read_once(web: Web) -> None:
    web.ill.add("/ocsp")
    assert said(ask(web)) == told_by(Source.CRL)
    assert web.asked == ["/ocsp", "/list.crl"]


def test_the_office_s_own_addresses_come_first(web: Web) -> None:
    sources = Sources(ocsp="", crl=f"{web.address}/other.crl")
    assert said(ask(web, sources)) == told_by(Source.CRL)
    assert web.asked == ["/other.crl"]


def test_where_nobody_answers_nothing_is_known(web: Web) -> None:
    web.ill |= {"/ocsp", "/list.crl"}
    assert said(ask(web)) == dict.fromkeys(NAMES, ("", "answered-with-an-error"))
    nowhere = Sources(ocsp="http://127.0.0.1:1/", crl="http://127.0.0.1:1/")
    assert said(ask(web, nowhere)) == dict.fromkeys(NAMES, ("", "unreachable"))
    assert said(ask(web, Sources(ocsp="", crl=""))) == dict.fromkeys(NAMES, ("", "no-address"))


def test_what_the_responder_does_not_know_is_not_looked_up(web: Web) -> None:
    assert web.body is not None
    index = web.body.folder / "index.txt"
    known = index.read_text()
    index.write_text("")
    assert said(ask(web)) == dict.fromkeys(NAMES, ("", "responder-does-not-know"))
    index.write_text(known)
    assert "/list.crl" not in web.asked


def test_another_issuer_s_certificate_is_not_asked_about(web: Web, tmp_path: Path) -> None:
    stranger = Body.make(tmp_path).issue("good")
    assert web.body is not None
    told = Inquiry(web.body.issuer, Sources(), now()).tell([stranger])
    assert said({"good": told[stranger.serial_number]}) == {"good": ("", "of-another-issuer")}
    assert web.asked == []


@pytest.mark.parametrize("place", ["/elsewhere", "file:///etc/passwd", "noise", ""])
def test_no_file_is_opened_whatever_an_address_says(web: Web, place: str) -> None:
    address = f"{web.address}{place}" if place.startswith("/") else place
    told = said(ask(web, Sources(ocsp="", crl=address), "good"))
    reasons = {
        "/elsewhere": "answered-with-an-error",
        "noise": "address-not-readable",
        "": "no-address",
    }
    assert told == {"good": ("", reasons.get(place, "unreachable"))}


def test_who_takes_too_long_is_not_waited_for(web: Web) -> None:
    slow = Sources(ocsp="", crl=f"{web.address}/slow", list_timeout=0.1)
    assert said(ask(web, slow, "good")) == {"good": ("", "unreachable")}
    spent = replace(Sources(), budget=0.0, crl="")
    assert said(ask(web, spent, "good")) == {"good": ("", "too-slow")}

"""EJBCA as its description has it, in a small HTTPS server: no real one was ever met.

Written from the REST interface published for EJBCA 9.7 and the resource classes of ejbca-ce: a
username that is known is edited and issued to once more; where approvals are enabled pkcs10enroll
is refused, or (as the handler of exceptions would say it) answered with 202; a search wraps each
certificate twice; a revocation echoes the reason it was asked for. The certificates are real.
"""

import base64
import json
import re
import ssl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from registration.ca import subject
from registration.ca.base import EnrolmentRequest, State
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import subject_of
from tests.ca.tls import Server

ROOT = "/ejbca/ejbca-rest-api"
AUTHORITY, CERTIFICATE_PROFILE, END_ENTITY_PROFILE = "OveraSub", "OVERA-", "OveraCitizens"
TYPE = "application/json"
_REASONS = {
    "UNSPECIFIED": "unspecified",
    "KEY_COMPROMISE": "keyCompromise",
    "AFFILIATION_CHANGED": "affiliationChanged",
    "SUPERSEDED": "superseded",
    "CESSATION_OF_OPERATION": "cessationOfOperation",
    "CERTIFICATE_HOLD": "certificateHold",
    "REMOVE_FROM_CRL": "removeFromCRL",
    "PRIVILEGES_WITHDRAWN": "privilegeWithdrawn",
}


class LostError(Exception):
    """Raised by a `change` that lets the connection end without an answer."""


class RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass(frozen=True)
class Reply:
    status: int
    data: Any
    kind: str = TYPE

    def body(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else json.dumps(self.data).encode()


@dataclass
class Entity:
    password: str
    asked: dict[str, Any]
    finalized: bool = False


@dataclass
class Approval:
    username: str
    state: str = "waiting"


@dataclass
class Stub:
    """`change` is what happens to an answer on its way; `before` may raise before all is done."""

    body: EmbeddedCA
    issuer: str
    administrators: tuple[str, ...] = ("counter",)
    approvals: str = ""  # "refused", "asked"
    url: str = ""
    drips: float = 0  # seconds between two bytes of an answer
    before: Callable[[str], None] | None = None
    change: Callable[[Reply], Reply] | None = None
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    requests: dict[int, Approval] = field(default_factory=dict)
    issued: list[tuple[str, bytes]] = field(default_factory=list)

    def answer(self, who: str, method: str, address: str, content: bytes) -> Reply:
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = json.loads(content) if content else query
        self.asked.append((method, parts.path.removeprefix(ROOT), body))
        try:
            reply = self._dispatch(who, method, parts.path.removeprefix(ROOT), body)
        except RefusedError as refusal:
            data = {"error_code": refusal.status, "error_message": refusal.message}
            reply = Reply(refusal.status, data)
        return self.change(reply) if self.change else reply

    def verbs(self) -> list[str]:
        return [path.rsplit("/", 1)[1] for _method, path, _body in self.asked]

    def states(self) -> list[str]:
        serials = [x509.load_der_x509_certificate(der).serial_number for _, der in self.issued]
        return [str(self.body.status(serial).state) for serial in serials]

    def _dispatch(self, who: str, method: str, path: str, body: dict[str, Any]) -> Reply:
        if path == "/v1/certificate/status":
            return Reply(200, {"status": "OK", "version": "1.0", "revision": "EJBCA 9.7 (stub)"})
        if who not in self.administrators:
            raise RefusedError(403, "Administrator is not authorized to resource /administrator.")
        if self.before:
            self.before(path)
        for verb, pattern, act in _ROUTES:
            found = re.fullmatch(pattern, path)
            if verb == method and found:
                return act(self, body, *map(unquote, found.groups()))
        return Reply(404, b"<html>Not Found</html>", "text/html")

    # what it can do

    def enroll(self, body: dict[str, Any]) -> Reply:
        self._require_known(body)
        username = body["username"]
        if self.approvals == "refused":
            raise RefusedError(
                400,
                "Single transaction enrollment request rejected since approvals are enabled for"
                " this CA (1) or Certificate Profile (2).",
            )
        self.entities[username] = Entity(body["password"], body)
        if self.approvals == "asked":
            number = len(self.requests) + 1
            self.requests[number] = Approval(username)
            return self._waiting(number)
        return self._issue(username)

    def finalize(self, body: dict[str, Any], number: str) -> Reply:
        found = self.requests.get(int(number))
        if found is None:
            raise RefusedError(400, f"Could not find request with Id '{number}'")
        if found.state == "waiting":
            return self._waiting(int(number))
        if found.state != "approved":
            raise RefusedError(400, f"Request with Id '{number}' {found.state}")
        entity = self.entities[found.username]
        if entity.finalized:
            raise RefusedError(400, f"Enrollment with Id '{number}' has already been finalized")
        if entity.password != body["password"]:
            raise RefusedError(403, "Wrong username or password")
        return self._issue(found.username)

    def search(self, body: dict[str, Any]) -> Reply:
        criteria = {each["property"]: each["value"] for each in body["criteria"]}
        assert {each["operation"] for each in body["criteria"]} == {"EQUAL"}
        assert criteria["STATUS"] == "CERT_ACTIVE"
        found = [der for username, der in self.issued if username == criteria["QUERY"]]
        valid = [der for der in found if self._state(der) == State.VALID]
        listed = [
            {"certificate": _text(base64.b64encode(der)), "response_format": "DER"}
            for der in valid[: body["max_number_of_results"]]
        ]
        return Reply(200, {"certificates": listed, "more_results": False})

    def revoke(self, body: dict[str, Any], issuer: str, serial: str) -> Reply:
        number, reason = self._known(issuer, serial), body["reason"]
        if reason not in _REASONS:
            raise RefusedError(400, "Invalid revocation reason.")
        if self.approvals == "asked":
            data = {"status_code": 202, "info_message": "Revocation is waiting for approval"}
            return Reply(202, data | {"request_id": 77})
        if not _possible(self.body.status(number).state, reason):
            raise RefusedError(409, f"Certificate with serial {serial} was already revoked.")
        self.body.revoke(number, _REASONS[reason], datetime.now(UTC))
        return self._told(issuer, serial, reason)

    def status(self, _body: dict[str, Any], issuer: str, serial: str) -> Reply:
        status = self.body.status(self._known(issuer, serial))
        theirs = {ours: theirs for theirs, ours in _REASONS.items()}
        revoked = status.state != State.VALID
        return self._told(issuer, serial, theirs[status.reason] if revoked else "NOT_REVOKED")

    def authorities(self, _body: dict[str, Any]) -> Reply:
        ours = {"id": 1, "name": AUTHORITY, "subject_dn": self.issuer, "external": False}
        other = {
            "id": 2,
            "name": "ManagementCA",
            "subject_dn": "CN=ManagementCA",
            "external": False,
        }
        return Reply(200, {"certificate_authorities": [other, ours]})

    # what that takes

    def _require_known(self, body: dict[str, Any]) -> None:
        authority, profile = body["certificate_authority_name"], body["certificate_profile_name"]
        if authority != AUTHORITY:
            raise RefusedError(400, f'CA with name "{authority}" doesn\'t exist')
        if not profile.startswith(CERTIFICATE_PROFILE):
            raise RefusedError(400, f'Certificate profile with name "{profile}" doesn\'t exist')
        if body["end_entity_profile_name"] != END_ENTITY_PROFILE:
            raise RefusedError(404, 'End Entity Profile of name "x" was not found')

    def _waiting(self, number: int) -> Reply:
        message = f"Request with Id '{number}' is still waiting for approval"
        link = f"{self.url}/v1/certificate/{number}/finalize"
        data = {"status_code": 202, "info_message": message, "request_id": number, "link": link}
        return Reply(202, data)

    def _issue(self, username: str) -> Reply:
        entity = self.entities[username]
        entity.finalized = True
        der = self.body.enrol(_request(entity.asked)).certificate
        self.issued.append((username, der))
        serial = x509.load_der_x509_certificate(der).serial_number
        told = {"certificate": _text(der), "serial_number": f"{serial:X}", "response_format": "DER"}
        return Reply(201, told)

    def _state(self, der: bytes) -> State:
        return self.body.status(x509.load_der_x509_certificate(der).serial_number).state

    def _known(self, issuer: str, serial: str) -> int:
        if issuer != self.issuer:
            raise RefusedError(404, f"CA '{issuer}' does not exist.")
        number = int(serial, 16)
        if self.body.status(number).state == State.UNKNOWN:
            raise RefusedError(404, f"Certificate with serial number '{serial}' was not found")
        return number

    def _told(self, issuer: str, serial: str, reason: str) -> Reply:
        status = self.body.status(int(serial, 16))
        revoked = status.state != State.VALID
        told = {"issuer_dn": issuer, "serial_number": serial, "revoked": revoked}
        told |= {"revocation_reason": reason, "message": "Successfully revoked"}
        if revoked and status.at:
            told["revocation_date"] = status.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return Reply(200, told)


_ROUTES: tuple[tuple[str, str, Callable[..., Reply]], ...] = (
    ("POST", "/v1/certificate/pkcs10enroll", Stub.enroll),
    ("POST", "/v1/certificate/search", Stub.search),
    ("POST", r"/v1/certificate/(\d+)/finalize", Stub.finalize),
    ("PUT", "/v1/certificate/([^/]+)/([0-9a-f]+)/revoke", Stub.revoke),
    ("GET", "/v1/certificate/([^/]+)/([0-9a-f]+)/revocationstatus", Stub.status),
    ("GET", "/v1/ca", Stub.authorities),
)


def _possible(state: State, reason: str) -> bool:
    if reason == "REMOVE_FROM_CRL":
        return state == State.SUSPENDED
    return state == State.VALID if reason == "CERTIFICATE_HOLD" else state != State.REVOKED


def _request(asked: dict[str, Any]) -> EnrolmentRequest:
    csr = x509.load_pem_x509_csr(asked["certificate_request"].encode())
    addresses = subject.addresses(csr.extensions)
    assert asked.get("email") == (addresses[0] if addresses else None)
    return EnrolmentRequest(
        key=str(uuid.uuid4()),
        csr=csr.public_bytes(Encoding.DER),
        subject=subject_of(csr.subject),
        profile=asked["certificate_profile_name"].removeprefix(CERTIFICATE_PROFILE),
        email=asked.get("email"),
        not_after=datetime.fromisoformat(asked["end_time"]) if "end_time" in asked else None,
    )


def _parts(body: bytes) -> Iterator[bytes]:
    return (body[at : at + 1] for at in range(len(body)))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@contextmanager
def serving(body: EmbeddedCA, tls: ssl.SSLContext) -> Iterator[Stub]:
    issuing = x509.load_der_x509_certificate(body.chain()[0])
    stub = Stub(body, issuing.subject.rfc4514_string())
    server = Server(_handler(stub), tls)
    stub.url = server.url.rstrip("/") + ROOT
    with server.running():
        yield stub


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            try:
                reply = stub.answer(self._who(), self.command, self.path, content)
            except LostError:
                return
            body = reply.body()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for part in _parts(body) if stub.drips else (body,):
                self.wfile.write(part)
                time.sleep(stub.drips)

        def _who(self) -> str:
            subjects = dict(pair[0] for pair in self.connection.getpeercert()["subject"])
            return str(subjects["commonName"])

        do_GET = do_PUT = do_POST = _answer  # noqa: N815 names of http.server

        def log_message(self, *_facts: object) -> None:
            return

    return Handler

"""Our own issuing without the server: the desk's work on the card, and the embedded body."""

import base64
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cardops import transport
from cardops.cards.access import Access, OwnCommands
from cardops.cards.profile import Role
from cardops.journal import Journal
from cardops.personalise import certificate, request
from cardops.personalise.orders import RequestOrder, WriteOrder
from cardops.personalise.session import Session
from cardops.pin.prompts import Prompt, Turn
from cardops.pin.screen import CitizenScreen
from cardops.texts import Texts
from cardops.virtual import citizen
from cardops.virtual.people import PEOPLE
from registration.ca import checks, profiles, proof, subject
from registration.ca.base import EnrolmentRequest
from registration.ca.embedded.authority import EmbeddedCA

PIN = b"83520174"

_ISSUANCE, _PUK = "issuance-1", b"40718263"
_MILICA = PEOPLE["milica"]
_SUBJECT = subject.build("Милица", "Ђорђевић", _MILICA.jmbg, _MILICA.document_number)


def issue(
    folder: Path,
    key_type: str,
    access: Access | None = None,
    between: Callable[[Session], None] = lambda _session: None,
    **ways: Any,
) -> bytes:
    """Bring key and certificate onto the card in the reader; return the certificate, proven.

    `between` happens while the body issues; `ways` are the session's, to ask and to tell.
    """
    with begun(folder, access or OwnCommands(), **ways) as (session, journal):
        made = make(session, journal, key_type)
        between(session)
        return certified(EmbeddedCA(folder / "ca"), made, session, journal, key_type)


@contextmanager
def begun(folder: Path, access: Access, **ways: Any) -> Iterator[tuple[Session, Journal]]:
    """Sit down at the desk whose journal is in the folder."""
    journal = Journal(folder / "journal.sqlite3")
    usual = {"connect": transport.connect, "source": _screen, "progress": _say_nothing, "hold": 30}
    session = Session(**(usual | {"access": access} | ways))
    try:
        yield session, journal
    finally:
        session.close(Turn.DONE)
        journal.close()


def make(
    session: Session, journal: Journal, key_type: str, role: Role = Role.SIGNING
) -> dict[str, Any]:
    """Make the key and its request, or find the one that was made."""
    about = {"subject": _SUBJECT, "ca_healthy_at": time.time(), "puk": _text(_PUK)}
    wanted = _order(key_type, role) | about
    return request.make(RequestOrder.read(_ISSUANCE, wanted), session, journal)


def _order(key_type: str, role: Role) -> dict[str, Any]:
    return {
        "role": role.value,
        "key_type": key_type,
        "expected": {"jmbg": _MILICA.jmbg},
        "management_key": _text(secrets.token_bytes(24)),
        "language": "en",
    }


def certified(
    body: EmbeddedCA,
    made: dict[str, Any],
    session: Session,
    journal: Journal,
    key_type: str,
    role: Role = Role.SIGNING,
) -> bytes:
    """Let the body issue what was requested, write it and prove it."""
    profile = profiles.named(profiles.STRICT, role)
    enrolment = EnrolmentRequest(f"case-1 {role}", made["csr"], _SUBJECT, profile)
    issued = body.enrol(enrolment).certificate
    checks.check(issued, enrolment, body.chain(), body.health().at, None)
    challenge = proof.new_challenge()
    given = {"certificate": issued, "public_key": made["public_key"], "challenge": challenge}
    order = _order(key_type, role) | {name: _text(value) for name, value in given.items()}
    written = certificate.write(WriteOrder.read(_ISSUANCE, order), session, journal)
    proof.verify_pairing(written["read_back"], _ISSUANCE, challenge, written["signature"])
    return issued


def _screen() -> CitizenScreen:
    """Open the citizen's screen, with a citizen in front of it."""
    screen = CitizenScreen(Texts("en", None), seconds=30, browser=["true", "{url}"])
    threading.Thread(target=citizen.play, args=(screen.url, PIN), daemon=True).start()
    return screen


def _say_nothing(stage: str, prompt: Prompt | None = None) -> None:
    """Nobody watches how far the work is."""


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

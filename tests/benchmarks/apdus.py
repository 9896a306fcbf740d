"""Commands to the card, counted: our issuing, and yubikit doing the same work on the same card.

The same work is: the factory's management key proven and replaced, the first PIN, a PUK, the two
objects that name the card, and for each of two certificates a key, a signed request, the
certificate written and read back; in short commands both. What yubikit asks by itself (version,
metadata) is what its users pay, and counted. Ours asks in addition how many tries are left, whose
card it is, and lets the chip prove each pair of keys: counted apart.
"""

import secrets
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from smartcard.System import readers
from ykman.pcsc import ScardSmartCardConnection
from ykman.piv import generate_csr
from yubikit.core.smartcard import ApduFormat
from yubikit.piv import KEY_TYPE, MANAGEMENT_KEY_TYPE, OBJECT_ID, SLOT, PivSession

from cardops import transport
from cardops.cards.access import OwnCommands
from cardops.cards.piv import APPLICATION, FACTORY_MANAGEMENT_KEY, TRANSPORT_PIN
from cardops.cards.profile import Role
from cardops.pin.prompts import Prompt
from cardops.transport import Connection
from cardops.virtual.control import Control
from registration.ca.embedded.authority import EmbeddedCA
from tests.cardops import issuing
from tests.reader import put_in

WORK, APART = "work", ("identity", "tries", "proof")
# Stages of our work that begin another part; the SELECT of the application ends "identity".
_PHASES = {"checking-card": "identity", "proving": "proof"}
_KINDS = {"P-256": KEY_TYPE.ECCP256, "RSA-2048": KEY_TYPE.RSA2048}


@dataclass
class Ledger:
    """How many commands, and bytes both ways, each part of the work took."""

    commands: Counter[str] = field(default_factory=Counter)
    octets: Counter[str] = field(default_factory=Counter)
    phase: str = "identity"
    issued: list[bytes] = field(default_factory=list)  # DER, in the order of the roles

    def note(self, apdu: bytes, answer: int) -> None:
        if self.phase == "identity" and APPLICATION in apdu:
            self.phase = WORK
        part = "tries" if apdu == bytes.fromhex("00200080") else self.phase
        self.commands[part] += 1
        self.octets[part] += len(apdu) + answer

    @property
    def worked(self) -> int:
        return self.commands[WORK]

    def lines(self) -> list[str]:
        """Say the work first, then what is counted apart."""
        return [
            f"{part:8} {self.commands[part]:3} apdus {self.octets[part]:5} bytes"
            for part in (WORK, *APART)
            if self.commands[part]
        ]


class _Counted:
    """A connection to a card that keeps a ledger."""

    def __init__(self, connection: Connection, ledger: Ledger) -> None:
        self._connection, self._ledger = connection, ledger

    def transmit(self, apdu: bytes) -> bytes:
        answer = self._connection.transmit(apdu)
        self._ledger.note(apdu, len(answer))
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _CountedForeign(ScardSmartCardConnection):
    """The same of yubikit's."""

    ledger: Ledger

    def send_and_receive(self, apdu: bytes) -> tuple[bytes, int]:
        data, status = super().send_and_receive(apdu)
        self.ledger.note(bytes(apdu), len(data) + 2)
        return data, status


def both(card: Control, kind: str) -> tuple[Ledger, Ledger]:
    """Count ours and yubikit's, each onto a blank card of the same kind."""
    put_in(card)
    mine = ours(kind)
    put_in(card)
    return mine, yubikits(kind, mine.issued)


def ours(kind: str) -> Ledger:
    """Issue both certificates onto the blank card in the reader."""
    ledger = Ledger()

    def watch(stage: str, _prompt: Prompt | None = None) -> None:
        if stage in _PHASES:
            ledger.phase = _PHASES[stage]

    with (
        tempfile.TemporaryDirectory() as folder,
        issuing.begun(Path(folder), OwnCommands()) as (session, journal),
    ):
        session.connect = lambda: _Counted(transport.connect(), ledger)
        session.progress = watch
        body = EmbeddedCA(Path(folder) / "ca")
        for role in Role:
            made = issuing.make(session, journal, kind, role)
            ledger.issued.append(issuing.certified(body, made, session, journal, kind, role))
            ledger.phase = WORK
    return ledger


def yubikits(kind: str, issued: list[bytes]) -> Ledger:
    """Do the same work with the library; the certificates are those that were issued to us."""
    ledger = Ledger()
    with _session(ledger) as session:
        session.authenticate(FACTORY_MANAGEMENT_KEY)
        session.set_management_key(MANAGEMENT_KEY_TYPE.AES192, secrets.token_bytes(24))
        session.change_pin(TRANSPORT_PIN.decode(), issuing.PIN.decode())
        session.change_puk("12345678", "40718263")
        session.put_object(OBJECT_ID.CAPABILITY, bytes(51))
        session.put_object(OBJECT_ID.CHUID, bytes(59))
        for slot, der in zip((SLOT.SIGNATURE, SLOT.AUTHENTICATION), issued, strict=True):
            public = session.generate_key(slot, _KINDS[kind])
            if slot == SLOT.SIGNATURE:  # once is enough for the other
                session.verify_pin(issuing.PIN.decode())
            generate_csr(session, slot, public, "CN=Milica")
            session.put_certificate(slot, x509.load_der_x509_certificate(der))
            session.get_certificate(slot)
    return ledger


@contextmanager
def _session(ledger: Ledger) -> Iterator[PivSession]:
    connection = readers()[0].createConnection()
    connection.connect()
    counted = _CountedForeign(connection)
    counted.ledger = ledger
    session = PivSession(counted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        session.protocol.apdu_format = ApduFormat.SHORT
    yield session
    connection.disconnect()
    connection.release()

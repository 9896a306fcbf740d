"""The desk's unblocking without the server: an order, a citizen who types, a journal."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cardops import errors, transport
from cardops.cards.piv import PivCard
from cardops.channel import Channel
from cardops.journal import Journal
from cardops.personalise import unblock
from cardops.personalise.orders import UnblockOrder
from cardops.personalise.session import Session
from cardops.pin.prompts import Prompt, Turn
from cardops.pin.screen import CitizenScreen
from cardops.texts import Texts
from cardops.virtual import citizen
from cardops.virtual.people import PEOPLE
from tests.cardops import applications

PIN, PUK, WRONG = b"83520174", b"40718263", b"11223344"

_MILICA = PEOPLE["milica"]


def order(choice: str = "change", **changed: Any) -> UnblockOrder:
    body = {
        "choice": choice,
        "expected": {"jmbg": _MILICA.jmbg},
        "puk": base64.b64encode(PUK).decode(),
        "last_try_agreed": False,
        "language": "en",
    }
    return UnblockOrder.read("unblocking-1", body | changed)


def perform(
    ordered: UnblockOrder, folder: Path, *, shown: list[str] | None = None, pin: bytes = PIN
) -> dict[str, Any]:
    """Let the desk do an order with the card in the reader; `shown` gets what the screen said."""
    journal = Journal(folder / "journal.sqlite3")
    session = Session(transport.connect, lambda: _screen(pin, shown), _say_nothing, hold=30)
    try:
        return unblock.unblock(ordered, session, journal)
    finally:
        session.close(Turn.UNBLOCKED)
        journal.close()


@contextmanager
def card() -> Iterator[PivCard]:
    """Give the card's PIV application to another program for a moment."""
    connection = transport.connect()
    try:
        yield applications.piv(Channel(connection))
    finally:
        connection.close()


def block() -> None:
    """Let the citizen type three wrong PINs."""
    with card() as piv:
        for _try in range(3):
            try:
                piv.verify(bytearray(WRONG))
            except (errors.InvalidPinError, errors.PinBlockedError):
                continue


def give_own_puk() -> None:
    """Let the card be one that this office personalised."""
    with card() as piv:
        piv.replace_factory_puk(PUK)


def works(pin: bytes) -> bool:
    """Ask the card whether it takes the PIN."""
    with card() as piv:
        try:
            piv.verify(bytearray(pin))
        except errors.InvalidPinError:
            return False
    return True


class _Watched(CitizenScreen):
    """A screen that remembers which questions it asked."""

    shown: list[str]

    def ask(self, prompt: Prompt) -> bytearray:
        self.shown.append(prompt.turn)
        return super().ask(prompt)


def _screen(pin: bytes, shown: list[str] | None) -> CitizenScreen:
    screen = _Watched(Texts("en", None), seconds=30, browser=["true", "{url}"])
    screen.shown = [] if shown is None else shown
    threading.Thread(target=citizen.play, args=(screen.url, pin), daemon=True).start()
    return screen


def _say_nothing(stage: str, prompt: Prompt | None = None) -> None:
    """Nobody watches how far the work is."""

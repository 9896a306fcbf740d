"""Counters that break a rule on purpose: the matrix must find them out."""

import os
from collections.abc import Callable
from contextlib import suppress

from cardops import errors
from cardops.cards.piv import PivCard
from cardops.cards.profile import Role
from cardops.personalise.session import Session

VARIABLE = "OVERA_SABOTAGE"


def commit() -> None:
    """Break what the environment names; nothing in an ordinary run."""
    if name := os.environ.get(VARIABLE):
        _WAYS[name]()


def _believing_desk() -> None:
    """Take a certificate for written, whatever the card says."""
    write, read = PivCard.write_certificate, PivCard.read_certificate
    believed: dict[Role, bytes] = {}

    def believe(card: PivCard, role: Role, der: bytes) -> None:
        believed[role] = der
        with suppress(errors.CardopsError):
            write(card, role, der)

    def remember(card: PivCard, role: Role) -> bytes | None:
        return believed.get(role) or read(card, role)

    PivCard.write_certificate = believe
    PivCard.read_certificate = remember


def _hasty_desk() -> None:
    """Destroy an old key without a word to the citizen."""

    def agree(_session: Session) -> None:
        return

    Session.agree_to_replacement = agree


_WAYS: dict[str, Callable[[], None]] = {
    "believing desk": _believing_desk,
    "hasty desk": _hasty_desk,
}

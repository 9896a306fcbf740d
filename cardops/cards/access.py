"""How a card's signing application is opened: by our own commands, or by a vendor's module."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from cardops.cards import pkcs11, selection
from cardops.cards.profile import CardProfile
from cardops.channel import Channel
from cardops.transport import Connection

Check = Callable[[Channel], None]


class Access(Protocol):
    def opened(self, connection: Connection, check: Check) -> AbstractContextManager[CardProfile]:
        """Let `check` look at the card, open its application, leave it without a PIN."""

    def require_alive(self, connection: Connection) -> None:
        """Raise CardRemovedError or CardResetError unless this is still the checked card."""


@dataclass(frozen=True)
class OwnCommands:
    """One transaction from the check to the end: no other program comes between."""

    @contextmanager
    def opened(self, connection: Connection, check: Check) -> Iterator[CardProfile]:
        with connection.transaction():
            channel = Channel(connection)
            check(channel)
            yield selection.select(channel)

    def require_alive(self, connection: Connection) -> None:
        connection.require_alive()


@dataclass(frozen=True)
class Middleware:
    """The module opens the card by itself, which our transaction would keep it from.

    Our connection stays as the witness that the checked card has not left the reader: modules go
    on showing what they remember of a card that is gone.
    """

    settings: pkcs11.Settings

    @contextmanager
    def opened(self, connection: Connection, check: Check) -> Iterator[CardProfile]:
        with connection.transaction():
            check(Channel(connection))
        with pkcs11.opened(self.settings, connection.reader) as card:
            self.require_alive(connection)
            yield card

    def require_alive(self, connection: Connection) -> None:
        connection.require_unmoved()

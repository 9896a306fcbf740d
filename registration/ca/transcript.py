"""What is said to a body and what it answers, byte for byte, for who keeps it as evidence."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from registration.ca.errors import CAUnreachableError


@dataclass
class Exchange:
    """A message and its answer; without secrets, else as they went over the line."""

    kind: str  # as the protocol names it: p10cr, certconf, rr, pkcs10enroll, revoke
    sent: bytes
    received: bytes = b""  # none: no answer came

    def answered(self, message: bytes) -> None:
        self.received = message


_listening: ContextVar[list[Exchange] | None] = ContextVar("transcript", default=None)


@contextmanager
def listening() -> Iterator[list[Exchange]]:
    """Collect what connectors exchange within the block, in its order; lost answers too."""
    heard: list[Exchange] = []
    token = _listening.set(heard)
    try:
        yield heard
    finally:
        _listening.reset(token)


@contextmanager
def exchange(kind: str, sent: bytes) -> Iterator[Exchange]:
    """Note, in a connector, one exchange for who listens; a message that never left is none."""
    said = Exchange(kind, sent)
    heard = _listening.get()
    if heard is not None:
        heard.append(said)
    try:
        yield said
    except CAUnreachableError:
        if heard is not None:
            heard.remove(said)
        raise

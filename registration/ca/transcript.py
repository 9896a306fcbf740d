"""What is said to a body and what it answers, byte for byte, for who keeps it as evidence."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Exchange:
    """A message and its answer, as they went over the line."""

    kind: str  # as the protocol names it: p10cr, certconf, rr
    sent: bytes
    received: bytes  # empty: no answer came


_listening: ContextVar[list[Exchange] | None] = ContextVar("transcript", default=None)


@contextmanager
def listening() -> Iterator[list[Exchange]]:
    """Collect what connectors exchange within the block, in its order; failures too."""
    heard: list[Exchange] = []
    token = _listening.set(heard)
    try:
        yield heard
    finally:
        _listening.reset(token)


def note(kind: str, sent: bytes, received: bytes = b"") -> None:
    """Say, in a connector, what was exchanged; without anybody who listens it is forgotten."""
    heard = _listening.get()
    if heard is not None:
        heard.append(Exchange(kind, sent, received))

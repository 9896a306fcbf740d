"""Hash chains: what one event says, how it holds on to the one before it."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = "0" * 64  # what the first event of a stream calls its previous hash
_EVENT = b"overa audit event 1\x00"
_PRIVATE = b"overa audit private 1\x00"


@dataclass(frozen=True)
class Event:
    """One row of a stream, as the chain sees it: no personal data, only a commitment to it."""

    stream: str
    number: int
    at: str  # ISO 8601, UTC, microseconds
    event: str
    subject: str
    actor: str
    facts: Mapping[str, Any]
    commitment: str = ""  # hex; empty where nothing private belongs to the event


@dataclass(frozen=True)
class Link:
    """An event with the hashes that were stored beside it."""

    event: Event
    previous: str
    hash: str


@dataclass(frozen=True)
class Break:
    """A place where a stream does not hold."""

    stream: str
    number: int
    reason: str  # "gap" | "previous" | "hash"


def moment(at: datetime) -> str:
    """Write a moment in its one spelling."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(value: Any) -> bytes:
    """Write JSON in its one spelling: sorted keys, no spaces, UTF-8, no NaN."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def plain(value: Any) -> Any:
    """Return `value` as it will be read back from JSON; raise TypeError for what JSON has not."""
    return json.loads(canonical(value))


def link(previous: str, event: Event) -> str:
    """Return the hash that chains `event` to the hash before it (hex)."""
    body = {**vars(event), "facts": dict(event.facts), "previous": previous}
    return hashlib.sha256(_EVENT + canonical(body)).hexdigest()


def commit(salt: bytes, private: Any) -> str:
    """Commit to personal data: without the 32 random bytes of `salt` nobody can guess it back."""
    return hmac.new(salt, _PRIVATE + canonical(private), hashlib.sha256).hexdigest()


def breaks(links: Iterable[Link]) -> Iterator[Break]:
    """Walk one stream from its first event and yield every place where it does not hold."""
    number, previous = 0, START
    for one in links:
        yield from _faults(one, number + 1, previous)
        number, previous = one.event.number, one.hash


def _faults(one: Link, number: int, previous: str) -> Iterator[Break]:
    stream, found = one.event.stream, one.event.number
    if found != number:
        yield Break(stream, number, "gap")
    elif one.previous != previous:
        yield Break(stream, found, "previous")
    if link(one.previous, one.event) != one.hash:
        yield Break(stream, found, "hash")

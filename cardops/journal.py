"""What a desk must not forget: messages seen, answers unsent, what was done at cards.

No personal data, no PIN, no PUK.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardops import messages

_TABLES = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seen (message_id TEXT PRIMARY KEY, expires_at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS outbox (sequence INTEGER PRIMARY KEY, envelope TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS keys (
    issuance TEXT NOT NULL, role TEXT NOT NULL, public_key BLOB NOT NULL,
    PRIMARY KEY (issuance, role)
) STRICT;
CREATE TABLE IF NOT EXISTS replacements (
    issuance TEXT NOT NULL, role TEXT NOT NULL, serial TEXT NOT NULL,
    PRIMARY KEY (issuance, role)
) STRICT;
CREATE TABLE IF NOT EXISTS unblockings (
    unblocking TEXT PRIMARY KEY, keep INTEGER NOT NULL, blocked INTEGER NOT NULL,
    done INTEGER NOT NULL
) STRICT;
"""


@dataclass(frozen=True)
class Key:
    """A key that was made on a card for one issuance and role; `public_key` is SPKI DER."""

    issuance: str
    role: str
    public_key: bytes


@dataclass(frozen=True)
class Unblocking:
    """An unblocking that was begun. `blocked`: the PIN was, when it was begun."""

    unblocking: str
    keep: bool
    blocked: bool
    done: bool = False


class Journal:
    """One SQLite file; every change is on disk when its method returns."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.executescript(_TABLES)

    def close(self) -> None:
        self._base.close()

    # the conversation

    def accept(self, message: messages.Message, *, now: float) -> None:
        """Remember a message of the server; raise MessageError when it is old or was seen."""
        with self._transaction():
            known = self._one("SELECT 1 FROM seen WHERE message_id = ?", message.message_id)
            messages.require_fresh(message, seen=bool(known), last=self._counter("accepted"))
            self._base.execute("DELETE FROM seen WHERE expires_at < ?", (now,))
            self._base.execute(
                "INSERT INTO seen VALUES (?, ?)", (message.message_id, message.expires_at)
            )
            self._count("accepted", message.sequence)

    def next_sequence(self) -> int:
        with self._transaction():
            number = messages.next_sequence(self._counter("sent"), time.time())
            self._count("sent", number)
        return number

    def keep(self, compose: Callable[[int], str]) -> None:
        """Put an answer into the outbox; `compose` gets its sequence, returns its envelope."""
        with self._transaction():
            sequence = self.next_sequence()
            self._base.execute("INSERT INTO outbox VALUES (?, ?)", (sequence, compose(sequence)))

    def unsent(self) -> list[tuple[int, str]]:
        """Return (sequence, envelope) of what was not sent, oldest first."""
        with self._lock:
            rows = self._base.execute("SELECT sequence, envelope FROM outbox ORDER BY sequence")
            return list(rows)

    def sent(self, sequence: int) -> None:
        with self._transaction():
            self._base.execute("DELETE FROM outbox WHERE sequence = ?", (sequence,))

    # keys

    def record_key(self, key: Key) -> None:
        """From now on this key is the issuance's: it is never made again."""
        row = (key.issuance, key.role, key.public_key)
        with self._transaction():
            self._base.execute("INSERT INTO keys VALUES (?, ?, ?)", row)

    def key(self, issuance: str, role: str) -> Key | None:
        found = self._one(
            "SELECT public_key FROM keys WHERE issuance = ? AND role = ?", issuance, role
        )
        return Key(issuance, role, found[0]) if found else None

    def record_replacement(self, issuance: str, role: str, serial: str) -> None:
        """Note the certificate whose key is about to be destroyed; the first note stays."""
        with self._transaction():
            self._base.execute(
                "INSERT OR IGNORE INTO replacements VALUES (?, ?, ?)", (issuance, role, serial)
            )

    def replacement(self, issuance: str, role: str) -> str | None:
        """Return the serial (hexadecimal) of the certificate that the new key displaced."""
        found = self._one(
            "SELECT serial FROM replacements WHERE issuance = ? AND role = ?", issuance, role
        )
        return str(found[0]) if found else None

    # unblockings

    def intend_unblocking(self, about: Unblocking) -> None:
        """From now on the card may have taken the PIN."""
        row = (about.unblocking, about.keep, about.blocked, False)
        with self._transaction():
            self._base.execute("INSERT OR REPLACE INTO unblockings VALUES (?, ?, ?, ?)", row)

    def finish_unblocking(self, unblocking: str, *, keep: bool) -> None:
        row = (unblocking, keep)
        with self._transaction():
            self._base.execute(
                "UPDATE unblockings SET done = 1 WHERE unblocking = ? AND keep = ?", row
            )

    def forget_unblocking(self, unblocking: str) -> None:
        """Drop what the card refused: nothing was done."""
        with self._transaction():
            self._base.execute("DELETE FROM unblockings WHERE unblocking = ?", (unblocking,))

    def unblocking(self, unblocking: str, *, keep: bool) -> Unblocking | None:
        """Return what was begun for this order; an order that asks for something else is new."""
        found = self._one(
            "SELECT blocked, done FROM unblockings WHERE unblocking = ? AND keep = ?",
            *(unblocking, keep),
        )
        return Unblocking(unblocking, keep, bool(found[0]), bool(found[1])) if found else None

    # SQLite

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            if self._base.in_transaction:
                yield
                return
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def _one(self, query: str, *values: str | bool) -> Any:
        with self._lock:
            return self._base.execute(query, values).fetchone()

    def _counter(self, name: str) -> int:
        row = self._one("SELECT value FROM counters WHERE name = ?", name)
        return int(row[0]) if row else 0

    def _count(self, name: str, value: int) -> None:
        self._base.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", (name, value))

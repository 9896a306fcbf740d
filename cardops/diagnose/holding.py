"""The card for ourselves, without waiting for ever for another program to let go of it.

PC/SC has no limit of its own: connecting to a card waits for as long as another program keeps a
transaction on it.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from cardops import errors, transport
from cardops.transport import Connection


@contextmanager
def hold(reader: str, patience: float, *, reset: bool = False) -> Iterator[Connection]:
    """Connect and keep others off; CardSharedError after `patience` seconds of waiting.

    At the end the card is left as it is, or `reset`, which forgets a verified PIN.
    """
    attempt = _Attempt(reader, reset=reset)
    attempt.start()
    attempt.join(patience)
    connection = attempt.take()
    try:
        yield connection
    finally:
        attempt.let_go()


class _Attempt(threading.Thread):
    """Waits in a thread that may be left behind; a card that comes too late is let go at once."""

    def __init__(self, reader: str, *, reset: bool) -> None:
        super().__init__(name="attempt", daemon=True)
        self._reader, self._reset, self._exits = reader, reset, ExitStack()
        self._connection: Connection | None = None
        self._fault: errors.CardopsError | None = None
        self._lock, self._late = threading.Lock(), False

    def run(self) -> None:
        try:
            connection = transport.connect(self._reader)
            self._exits.callback(connection.close, reset=self._reset)
            self._exits.enter_context(connection.transaction())
        except errors.CardopsError as fault:
            self._exits.close()
            self._fault = fault
            return
        with self._lock:
            self._connection = connection
            if self._late:
                self.let_go()

    def take(self) -> Connection:
        with self._lock:
            self._late = self._connection is None
        if self._fault:
            raise self._fault
        if self._connection is None:
            raise errors.CardSharedError
        return self._connection

    def let_go(self) -> None:
        self._exits.close()

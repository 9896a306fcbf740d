"""Commands that wait for the card, in the order in which they came, without what is stale."""

import logging
import queue
import time

from cardops.messages import Message

log = logging.getLogger(__name__)


class Commands:
    """The server asks again when it hears nothing, so the same command may wait twice."""

    def __init__(self) -> None:
        self._queue: queue.Queue[tuple[float, Message | None]] = queue.Queue()
        self._settled: dict[tuple[str, str], float] = {}  # (issuance, type): when it was done last

    def put(self, message: Message | None) -> None:
        """Take a command; None is the end."""
        self._queue.put((time.monotonic(), message))

    def get(self, timeout: float | None) -> Message | None:
        """Return the next command that is still to be done, None at the end.

        Raises queue.Empty when none came within `timeout` seconds.
        """
        while True:
            came, message = self._queue.get(timeout=timeout)
            if message is None or not self._stale(message, came):
                return message
            log.warning("a %s came too late, or was answered meanwhile", message.type)

    def settle(self, message: Message) -> None:
        """Note that a command was answered: what came before the answer asked for the same."""
        if self._queue.empty():
            self._settled.clear()
        self._settled[message.issuance, message.type] = time.monotonic()

    def _stale(self, message: Message, came: float) -> bool:
        settled = self._settled.get((message.issuance, message.type), 0.0)
        return (bool(message.issuance) and came < settled) or time.time() >= message.expires_at

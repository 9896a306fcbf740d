"""The desk's post: opens what the server sent, keeps answers until they are sent."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from cardops import messages
from cardops.agent.configuration import Configuration
from cardops.journal import Journal
from cardops.messages import Message

_ANSWER_LIFE = 7 * 24 * 3600.0  # seconds; an answer is worth keeping over a broker's bad weekend
_WORD_LIFE = 60.0  # progress and signs of life

log = logging.getLogger(__name__)


class Post:
    """`send` carries one envelope to the server and raises OSError when it cannot."""

    def __init__(
        self, configuration: Configuration, journal: Journal, send: Callable[[str], None]
    ) -> None:
        self._code, self._journal, self._send = configuration.code, journal, send
        self._own, self._server = configuration.own_keys(), configuration.server_keys
        self._lock = threading.Lock()

    def accept(self, text: str) -> Message:
        """Return a message of the server; raise MessageError when it is not one, or an old one."""
        now = time.time()
        message = messages.open_envelope(
            text, receiver=self._own, sender=self._server, desk=self._code, now=now
        )
        self._journal.accept(message, now=now)
        return message

    def answer(self, command: Message, kind: str, body: dict[str, Any]) -> None:
        """Answer a command; what cannot be sent now is sent later, in order."""
        self._journal.keep(
            lambda sequence: self._envelope(kind, body, command, sequence, _ANSWER_LIFE)
        )
        self.flush()

    def say(self, kind: str, body: dict[str, Any], command: Message | None = None) -> None:
        """Say what is only of interest now; it is lost when it cannot be sent."""
        with self._lock:
            if self._flush():
                sequence = self._journal.next_sequence()
                self._carry(self._envelope(kind, body, command, sequence, _WORD_LIFE))

    def flush(self) -> bool:
        """Send what waits; tell whether nothing waits any more."""
        with self._lock:
            return self._flush()

    def _flush(self) -> bool:
        for sequence, envelope in self._journal.unsent():
            if not self._carry(envelope):
                return False
            self._journal.sent(sequence)
        return True

    def _carry(self, envelope: str) -> bool:
        try:
            self._send(envelope)
        except OSError as fault:
            log.warning("the broker does not take messages: %s", fault)
            return False
        return True

    def _envelope(
        self, kind: str, body: dict[str, Any], command: Message | None, sequence: int, life: float
    ) -> str:
        now = time.time()
        message = Message(
            desk=self._code,
            type=kind,
            message_id=messages.new_id(),
            sequence=sequence,
            issued_at=now,
            expires_at=now + life,
            case=command.case if command else "",
            issuance=command.issuance if command else "",
            step=command.step if command else "",
            body=body,
        )
        return messages.seal(message, sender=self._own, receiver=self._server)

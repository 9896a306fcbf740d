"""The desk's post: opens what the server sent, keeps answers until they are sent."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cardops import messages
from cardops.agent.configuration import Configuration
from cardops.journal import Journal
from cardops.messages import Message

_ANSWER_LIFE = 7 * 24 * 3600.0  # seconds; an answer is worth keeping over a broker's bad weekend
_WORD_LIFE = 60.0  # progress and signs of life
_WORDS = 50  # are kept while one is being sent
_BREATH = 0.05  # seconds in which a word may be overtaken

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Word:
    sequence: int
    envelope: str
    command: str  # the message id of the command that it is about, empty for none


class Post:
    """`send` carries one envelope to the server and raises OSError when it cannot.

    Nobody waits for a broker: answers go into the journal, words into memory, and the thread that
    runs `work` sends both in the order of their numbers. A word that its command's answer overtakes
    is not sent: the server would read old news first.
    """

    def __init__(
        self, configuration: Configuration, journal: Journal, send: Callable[[str], None]
    ) -> None:
        self._code, self._journal, self._send = configuration.code, journal, send
        self._own, self._server = configuration.own_keys(), configuration.server_keys
        self._words: deque[_Word] = deque(maxlen=_WORDS)
        self._numbering = threading.Lock()  # what has the lower number is there to be sent first
        self._sending = threading.Lock()
        self._something, self._answered = threading.Event(), threading.Event()
        self._silenced = False

    def accept(self, text: object) -> Message:
        """Return a message of the server; raise MessageError when it is not one, or an old one."""
        now = time.time()
        message = messages.open_envelope(
            text, receiver=self._own, sender=self._server, desk=self._code, now=now
        )
        self._journal.accept(message, now=now)
        return message

    def answer(self, command: Message, kind: str, body: dict[str, Any]) -> None:
        """Answer a command; what cannot be sent now is sent later, in order."""
        with self._numbering:
            self._journal.keep(
                lambda sequence: self._envelope(kind, body, command, sequence, _ANSWER_LIFE)
            )
            self._forget(lambda word: word.command == command.message_id)
        self._answered.set()
        self._something.set()

    def say(self, kind: str, body: dict[str, Any], command: Message | None = None) -> None:
        """Say what is only of interest now; it is lost when it cannot be sent."""
        with self._numbering:
            sequence = self._journal.next_sequence()
            word = self._envelope(kind, body, command, sequence, _WORD_LIFE)
            self._words.append(_Word(sequence, word, command.message_id if command else ""))
        self._something.set()

    @property
    def unsent(self) -> int:
        """Return how many answers wait."""
        return len(self._journal.unsent())

    def work(self, ended: threading.Event) -> None:
        """Send whatever there is until `ended`; each word tries again what waits."""
        while not ended.is_set():
            if self._something.wait(1.0):
                self._answered.wait(_BREATH)
                self._something.clear()
                self._answered.clear()
                self.flush()

    def flush(self) -> bool:
        """Send what waits; tell whether all of it went out."""
        with self._sending:
            sent = all(self._passed(*each) for each in self._waiting())
            if not sent:
                self._words.clear()
            return sent

    def _waiting(self) -> list[tuple[int, str]]:
        with self._numbering:
            words = [(word.sequence, word.envelope) for word in self._words]
            return sorted([*self._journal.unsent(), *words])

    def _passed(self, sequence: int, envelope: str) -> bool:
        """Tell whether one envelope went out; then it is forgotten."""
        try:
            self._send(envelope)
        except OSError as fault:
            if not self._silenced:
                log.warning("the broker takes no messages: %s", fault)
            self._silenced = True
            return False
        if self._silenced:
            log.warning("the broker takes messages again")
        self._silenced = False
        self._journal.sent(sequence)
        with self._numbering:
            self._forget(lambda word: word.sequence == sequence)
        return True

    def _forget(self, which: Callable[[_Word], bool]) -> None:
        self._words = deque((word for word in self._words if not which(word)), _WORDS)

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

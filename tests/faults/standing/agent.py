"""The desk's agent, which stands still at the steps of its journal."""

import sys
from collections.abc import Callable
from typing import Any

from cardops import journal
from cardops.agent import __main__ as agent
from cardops.agent import worker
from cardops.messages import Message
from tests.faults import stops


class StandingJournal(journal.Journal):
    """Each change of the journal is two steps: before it, and when it is on the disk."""

    _command = ""  # the last one, which all that follows belongs to

    def accept(self, message: Message, *, now: float) -> None:
        self._command = f"{message.type} {message.body.get('role', '')}".strip()
        self._around("accept", lambda: super(StandingJournal, self).accept(message, now=now))

    def keep(self, compose: Callable[[int], str]) -> None:
        self._around("keep the answer to", lambda: super(StandingJournal, self).keep(compose))

    def sent(self, sequence: int) -> None:
        """Forget what was sent; words that were never kept are no step."""
        if sequence not in dict(self.unsent()):
            return
        self._around("sent the answer to", lambda: super(StandingJournal, self).sent(sequence))

    def record_key(self, key: journal.Key) -> None:
        self._around("record key of", lambda: super(StandingJournal, self).record_key(key))

    def record_replacement(self, *of: Any) -> None:
        self._around(
            "record replacement of", lambda: super(StandingJournal, self).record_replacement(*of)
        )

    def _around(self, step: str, change: Callable[[], None]) -> None:
        name, at = f"{step} {self._command}", stops.own().at
        at(f"{name}, before")
        change()
        at(f"{name}, after")


if __name__ == "__main__":
    worker.Journal = StandingJournal
    sys.exit(agent.main())

"""Calls that the smart-card service may keep waiting without limit, brought to an end.

While another program holds a card, SCardConnect, SCardBeginTransaction and SCardDisconnect wait,
and nothing can cancel them: they run in a thread of their own, which is left behind.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from cardops import errors

PATIENCE = 5.0  # seconds until a card counts as held by another program

Result = TypeVar("Result")


def within(
    act: Callable[[], Result], *, late: Callable[[Result], None], patience: float = PATIENCE
) -> Result:
    """Return what `act` returns, or raise what it raises.

    Raises CardSharedError after `patience` seconds; what comes later is given to `late`, which
    undoes it.
    """
    attempt = _Attempt(act, late)
    attempt.start()
    return attempt.outcome(patience)


class _Attempt(threading.Thread, Generic[Result]):
    def __init__(self, act: Callable[[], Result], late: Callable[[Result], None]) -> None:
        super().__init__(name="pcsc", daemon=True)
        self._act, self._late = act, late
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._result: list[Result] = []
        self._error: BaseException | None = None
        self._abandoned = False

    def run(self) -> None:
        try:
            self._result.append(self._act())
        except BaseException as fault:  # noqa: BLE001 raised again where it is waited for
            self._error = fault
        with self._lock:
            self._ended.set()
            abandoned = self._abandoned
        if abandoned and self._result:
            self._late(self._result[0])

    def outcome(self, patience: float) -> Result:
        self._ended.wait(patience)
        with self._lock:
            self._abandoned = not self._ended.is_set()
        if self._abandoned:
            raise errors.CardSharedError
        if self._error:
            raise self._error
        return self._result[0]

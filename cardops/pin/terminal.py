"""The PIN typed at a terminal: no echo, one buffer, no `str` made of it."""

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cardops import errors
from cardops.pin import words
from cardops.pin.held import zero
from cardops.pin.prompts import Prompt, Turn
from cardops.texts import Texts

try:
    import termios
except ImportError:  # no POSIX terminal: there the citizen screen or a pin pad is the way
    termios = None  # type: ignore[assignment]

_ERASE, _ENTER, _END = b"\x7f\x08", b"\r\n", b"\x03\x04"
_LONGEST = 16  # keys taken; the card's profile says how many digits a PIN has
_LOOK = 0.2  # seconds between looks at whether somebody cancelled
_YES = b"yYdDjJ"  # also for "da"


class Terminal:
    """A `PinSource` at this process's terminal; PinCancelledError where there is none."""

    def __init__(self, texts: Texts, *, seconds: float, device: str = "/dev/tty") -> None:
        self._texts, self._seconds, self._device = texts, seconds, device
        self._cancelled = False

    def ask(self, prompt: Prompt) -> bytearray:
        self.show(prompt)
        labels = words.labels(self._texts)
        return self._hidden(labels["pin"]) if prompt.turn == Turn.ENTER else self._twice(labels)

    def confirm(self, prompt: Prompt) -> None:
        answer = self._hidden(f"{words.sentence(self._texts, prompt)} [y/N]")
        if not answer or answer[0] not in _YES:
            raise errors.PinCancelledError

    def show(self, prompt: Prompt) -> None:
        self._say(words.sentence(self._texts, prompt))
        self._say(words.tries(self._texts, prompt))

    def cancel(self) -> None:
        self._cancelled = True

    def close(self) -> None:
        """Leave the terminal as it is: it was put back after each answer."""

    def _twice(self, labels: dict[str, str]) -> bytearray:
        while True:
            first, second = self._hidden(labels["pin"]), self._hidden(labels["again"])
            same = first == second
            zero(second)
            if same:
                return first
            zero(first)
            self._say(labels["different"])

    def _say(self, sentence: str) -> None:
        if sentence:
            sys.stderr.write(f"{sentence}\n")
            sys.stderr.flush()

    def _hidden(self, label: str) -> bytearray:
        """Return the line that was typed; the caller zeroes it."""
        keys = bytearray(_LONGEST)  # one that grew would leave copies behind
        with _without_echo(self._device) as terminal:
            os.write(terminal, f"{label}: ".encode())
            try:
                return keys[: self._fill(keys, terminal)]
            finally:
                zero(keys)
                os.write(terminal, b"\n")

    def _fill(self, keys: bytearray, terminal: int) -> int:
        """Take keys until the line ends; return how many there are."""
        deadline, key, count = time.monotonic() + self._seconds, bytearray(1), 0
        while True:
            self._wait(terminal, deadline)
            if not os.readv(terminal, [key]) or key in _END:
                raise errors.PinCancelledError
            if key in _ENTER:
                return count
            if key in _ERASE:
                count = max(0, count - 1)
            elif count < _LONGEST:
                keys[count], count = key[0], count + 1
            zero(key)

    def _wait(self, terminal: int, deadline: float) -> None:
        """Return when a key was pressed."""
        while not select.select([terminal], [], [], _LOOK)[0]:
            if self._cancelled:
                raise errors.PinCancelledError
            if time.monotonic() > deadline:
                raise errors.PinTimeoutError(seconds=self._seconds)


@contextmanager
def _without_echo(device: str) -> Iterator[int]:
    """Open the terminal so that keys come one by one and are not shown."""
    if termios is None:
        raise errors.PinCancelledError(reason="no-terminal")
    try:
        terminal = os.open(device, os.O_RDWR | os.O_NOCTTY)
    except OSError as fault:
        raise errors.PinCancelledError(reason="no-terminal") from fault
    before = termios.tcgetattr(terminal)
    silent = [*before]
    silent[3] &= ~(termios.ECHO | termios.ICANON)
    try:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, silent)
        yield terminal
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
        os.close(terminal)

"""What the citizen is asked and told: data for whatever shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cardops.pin.rules import PinRules


class Turn(StrEnum):
    """What a screen is for at a moment."""

    ENTER = "enter"  # the PIN
    CHOOSE = "choose"  # a first PIN, twice
    KEEP = "keep"  # the PIN that a blocked card had, twice
    CONFIRM = "confirm"  # that the old certificate will stop working
    LAST_TRY = "last-try"  # that one more wrong PIN blocks the card
    WAIT = "wait"
    DONE = "done"
    UNBLOCKED = "unblocked"  # done, without a certificate
    FAILED = "failed"


class Fault(StrEnum):
    """Why something is asked once more."""

    WRONG = "wrong"
    LENGTH = "length"
    EASY = "easy"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Prompt:
    """One question: which of how many, tries left on the card, what was wrong with the answer."""

    turn: Turn
    number: int = 1
    of: int = 1
    tries_left: int | None = None
    fault: Fault | None = None
    pad: bool = False  # it is answered on the reader's own keys
    rules: PinRules | None = None  # of the PIN that is asked for


class PinSource(Protocol):
    """Where a PIN comes from; every wait ends in PinTimeoutError or PinCancelledError at worst."""

    def ask(self, prompt: Prompt) -> bytearray:
        """Return the digits typed; the caller zeroes them."""

    def confirm(self, prompt: Prompt) -> None:
        """Return when the citizen has agreed to what CONFIRM or LAST_TRY says."""

    def show(self, prompt: Prompt) -> None:
        """Show WAIT, DONE or FAILED, or what is to be typed on the reader's keys."""

    def cancel(self) -> None:
        """End a wait from another thread."""

    def close(self) -> None: ...

"""What the citizen is asked and told: data for whatever shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Turn(StrEnum):
    """What a screen is for at a moment."""

    ENTER = "enter"  # the PIN
    CHOOSE = "choose"  # a first PIN, twice
    KEEP = "keep"  # the PIN that a blocked card had, twice
    CONFIRM = "confirm"  # that the old certificate will stop working
    WAIT = "wait"
    DONE = "done"
    UNBLOCKED = "unblocked"  # done, without a certificate
    FAILED = "failed"


@dataclass(frozen=True)
class Prompt:
    """One question: which of how many, tries left on the card, whether the last PIN was wrong."""

    turn: Turn
    number: int = 1
    of: int = 1
    tries_left: int | None = None
    wrong: bool = False

    @property
    def last_try(self) -> bool:
        return self.turn == Turn.ENTER and self.tries_left == 1


class PinSource(Protocol):
    """Where a PIN comes from; every wait ends in PinTimeoutError or PinCancelledError at worst."""

    def ask(self, prompt: Prompt) -> bytearray:
        """Return the digits typed; the caller zeroes them."""

    def confirm_replacement(self) -> None:
        """Return when the citizen has agreed that the old certificate stops working."""

    def show(self, turn: Turn) -> None:
        """Show WAIT, or the last word."""

    def cancel(self) -> None:
        """End a wait from another thread."""

    def close(self) -> None: ...

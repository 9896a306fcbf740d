"""What goes wrong at a card, on demand: pulled, reset, refusing, slow, cut off."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from cardops.virtual.steps import Steps

HELD_AT_MOST = 60.0  # seconds


class PulledError(Exception):
    """The card leaves the reader in the middle of a command."""


@dataclass
class Fault:
    """What goes wrong at the `at`-th command, once: any, of instruction `ins`, or of name `step`.

    pull: the card leaves before the command runs; pull-after: with its answer.
    status: `sw` instead of running it. truncated: half of the answer. slow: `seconds` later.
    power-lost: card without power for a moment, the session is gone.
    hold, hold-after: stands still before or after it, until `Faults.go_on` or the card is taken.
    wrong-certificate: counts from when a certificate is stored, and spoils it.
    """

    kind: str
    ins: int | None = None
    at: int = 1
    sw: int = 0x6A84
    seconds: float = 0.0
    step: str = ""


@dataclass(frozen=True)
class Card:
    """What a fault may do to the card."""

    run: Callable[[], bytes]  # the command itself
    power_off: Callable[[], None]
    spoil: Callable[[], None]  # what is stored as the certificate
    holds_certificate: Callable[[], bool]


class Faults:
    """Armed faults of one card, with the names of the commands that it was given."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []
        self.fired = 0
        self.steps: list[str] = []
        self.held = False
        self._names = Steps()
        self._going_on, self._taken = threading.Event(), False
        self._kinds: dict[str, Callable[[Fault, Card], bytes]] = {
            "pull": _pull,
            "pull-after": _pull_after,
            "status": lambda fault, _card: fault.sw.to_bytes(2, "big"),
            "truncated": _truncate,
            "power-lost": _lose_power,
            "slow": self._slow,
            "hold": self._hold,
            "hold-after": self._hold_after,
            "wrong-certificate": _spoil,
        }

    def run(self, raw: bytes, card: Card) -> bytes:
        """Run one command, well or badly; PulledError when the card is taken away."""
        name = self._names.name(raw)
        self.steps.append(name)
        fault = self._due(raw[1], name, card)
        if fault is None:
            return card.run()
        self.fired += 1
        return self._kinds[fault.kind](fault, card)

    def begin(self) -> None:
        """Name commands anew: the card was without power."""
        self._names = Steps()

    def go_on(self, *, taken: bool = False) -> None:
        """End a standstill; `taken`: the card is gone, so there is no answer."""
        self._taken = taken
        self._going_on.set()

    def _due(self, ins: int, name: str, card: Card) -> Fault | None:
        for fault in self.armed:
            if _meant(fault, ins, name) and _applies(fault, card):
                fault.at -= 1
                if fault.at == 0:
                    self.armed.remove(fault)
                    return fault
        return None

    def _slow(self, fault: Fault, card: Card) -> bytes:
        threading.Event().wait(fault.seconds)
        return card.run()

    def _hold(self, _fault: Fault, card: Card) -> bytes:
        self._stand_still()
        return card.run()

    def _hold_after(self, _fault: Fault, card: Card) -> bytes:
        answer = card.run()
        self._stand_still()
        return answer

    def _stand_still(self) -> None:
        self._going_on.clear()
        self._taken, self.held = False, True
        self._going_on.wait(HELD_AT_MOST)
        self.held = False
        if self._taken:
            raise PulledError


def _meant(fault: Fault, ins: int, name: str) -> bool:
    return fault.step == name if fault.step else fault.ins in (None, ins)


def _applies(fault: Fault, card: Card) -> bool:
    return fault.kind != "wrong-certificate" or card.holds_certificate()


def _pull(_fault: Fault, _card: Card) -> bytes:
    raise PulledError


def _pull_after(_fault: Fault, card: Card) -> bytes:
    card.run()
    raise PulledError


def _truncate(_fault: Fault, card: Card) -> bytes:
    answer = card.run()
    return answer[: len(answer) // 2]


def _lose_power(_fault: Fault, card: Card) -> bytes:
    card.power_off()
    return card.run()


def _spoil(_fault: Fault, card: Card) -> bytes:
    card.spoil()
    return card.run()

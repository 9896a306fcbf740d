"""The citizen's part of a card session: the PIN is asked for, held for a while, presented.

It comes from the reader's own keys where there are any, else from what `source` opens.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from cardops import errors
from cardops.cards.profile import CardProfile
from cardops.pin import choice
from cardops.pin.held import HeldPin, zero
from cardops.pin.pinpad import PinPad
from cardops.pin.prompts import Fault, PinSource, Prompt, Turn

_Faults = dict[type[errors.CardopsError], Fault]

_LAST = 1  # try left

# After these the same is asked once more.
_ENTERED: _Faults = {errors.InvalidPinError: Fault.WRONG, errors.PinLengthError: Fault.LENGTH}
_CHOSEN: _Faults = {
    errors.PinLengthError: Fault.LENGTH,
    errors.EasyPinError: Fault.EASY,
    errors.PinsDifferError: Fault.DIFFERENT,
}


class Renewal(Protocol):
    """Lets the card take the PIN of an unblocked card, in either way."""

    def typed(self, pin: bytearray) -> None: ...

    def on_pad(self, pad: PinPad) -> None: ...


@dataclass
class PinEntry:
    """`source` opens the citizen's screen when it is first needed; `tell` says what is asked."""

    source: Callable[[], PinSource]
    tell: Callable[[Prompt], None]
    hold: float  # seconds that a typed PIN may be kept
    pad: PinPad | None = None  # of the reader, as long as its card is connected
    entries: int = 0  # how many times the citizen typed
    asked: int = 0  # how many times the PIN was needed anew, wrong tries not counted
    expected: int = 0  # how many times it will have been needed at the end, as far as is known
    verified: bool = False  # the card took the PIN, and was not left since
    _cancelled: bool = False
    _screen: PinSource | None = None
    _held: HeldPin = field(init=False)

    def __post_init__(self) -> None:
        self._held = HeldPin(self.hold)

    @property
    def screen(self) -> PinSource:
        if self._screen is None:
            self._screen = self.source()
        return self._screen

    @property
    def expired(self) -> bool:
        """Tell whether a PIN is held longer than it may be."""
        return self._held.expired

    def drop(self) -> None:
        """Forget the PIN, for the card was left; the screen stays."""
        self._held.drop()
        self.verified, self.pad = False, None

    def close(self, turn: Turn) -> None:
        """Forget the PIN; the screen's last word is `turn`."""
        self.drop()
        if self._screen:
            self._screen.show(Prompt(turn))
            self._screen.close()
            self._screen = None

    def cancel(self) -> None:
        """End a wait for the citizen, from another thread; a pad's ends by itself."""
        self._cancelled = True
        if self._screen:
            self._screen.cancel()

    def expect(self, times: int) -> None:
        """Know how many times more the PIN will be needed, were it typed each time."""
        self.expected = self.asked + times

    def confirm_replacement(self) -> None:
        """Return when the citizen has agreed that old certificates stop working."""
        prompt = Prompt(Turn.CONFIRM)
        self._tell(prompt)
        self.screen.confirm(prompt)

    # an entered PIN

    def present(self, card: CardProfile) -> None:
        """Let the card verify the PIN, asking the citizen until it is right or blocked."""
        _until_right(lambda fault: self._attempt(card, fault), _ENTERED)
        self.verified = True

    def _attempt(self, card: CardProfile, fault: Fault | None) -> None:
        held = self._held.take()
        if held:
            self._verify(card, held)
        else:
            self._ask(card, fault)

    def _ask(self, card: CardProfile, fault: Fault | None) -> None:
        left = card.pin_status().tries_left
        if left == 0:
            raise errors.PinBlockedError
        if left == _LAST:
            self._confirm_last_try()
        self.asked += fault is None
        prompt = self._prompt(Turn.ENTER, card, fault, tries_left=left)
        if pad := self.pad:
            self._on_the_pad(prompt, lambda: card.verify_on(pad))
        else:
            self._verify(card, self._typed(prompt))

    def _verify(self, card: CardProfile, pin: bytearray) -> None:
        """Present a PIN once; what the card did not take is not kept."""
        try:
            card.verify(pin)
            self._held.hold(pin)
        except BaseException:
            self._held.drop()
            raise
        finally:
            zero(pin)

    def _confirm_last_try(self) -> None:
        prompt = Prompt(Turn.LAST_TRY, tries_left=_LAST)
        self._tell(prompt)
        self.screen.confirm(prompt)

    # a chosen PIN

    def choose(self, card: CardProfile, transport_pin: bytes) -> bool:
        """Let the citizen replace the transport PIN of a blank card; tell whether it was there.

        Where the transport PIN is refused, the first PIN was chosen before an interruption: it is
        asked for like any other. So it is where tries are missing: none is risked.
        """
        status = card.pin_status()
        if status.tries_left < status.full:
            return False
        self.asked, self.expected = self.asked + 1, self.expected + 1
        try:
            _until_right(lambda fault: self._choose(card, transport_pin, fault), _CHOSEN)
        except errors.InvalidPinError:
            self.asked, self.expected = self.asked - 1, self.expected - 1
            return False
        return True

    def _choose(self, card: CardProfile, transport_pin: bytes, fault: Fault | None) -> None:
        prompt = self._prompt(Turn.CHOOSE, card, fault)
        if pad := self.pad:
            self._on_the_pad(prompt, lambda: card.change_pin_on(pad, transport_pin))
        else:
            self._change(card, transport_pin, self._typed(prompt))

    def _change(self, card: CardProfile, transport_pin: bytes, chosen: bytearray) -> None:
        try:
            choice.require(chosen, card.pin_rules)
            card.change_pin(bytearray(transport_pin), chosen)
            self._held.hold(chosen)
        finally:
            zero(chosen)

    def renew(self, card: CardProfile, turn: Turn, taken: Renewal) -> None:
        """Let the citizen type the PIN of a blocked card, twice, and the card take it.

        Of one that is kept nobody asks whether it is easy to guess: the card had it.
        """
        _until_right(lambda fault: self._renew(card, turn, taken, fault), _CHOSEN)

    def _renew(self, card: CardProfile, turn: Turn, taken: Renewal, fault: Fault | None) -> None:
        prompt = self._prompt(turn, card, fault)
        if pad := self.pad:
            self._on_the_pad(prompt, lambda: taken.on_pad(pad))
            return
        pin = self._typed(prompt)
        try:
            if turn == Turn.CHOOSE:
                choice.require(pin, card.pin_rules)
            taken.typed(pin)
        finally:
            zero(pin)

    # the citizen

    def _prompt(
        self, turn: Turn, card: CardProfile, fault: Fault | None, *, tries_left: int | None = None
    ) -> Prompt:
        """Return the numbered question; a typed PIN is kept, so only on a pad more are expected."""
        of = max(self.asked, self.expected) if self.pad else self.asked
        return Prompt(
            turn, self.asked, of, tries_left, fault, pad=bool(self.pad), rules=card.pin_rules
        )

    def _typed(self, prompt: Prompt) -> bytearray:
        self._tell(prompt)
        typed = self.screen.ask(prompt)
        self.entries += 1
        return typed

    def _on_the_pad(self, prompt: Prompt, act: Callable[[], None]) -> None:
        self._tell(prompt)
        self.screen.show(prompt)
        self.entries += 1
        try:
            act()
        finally:
            self.screen.show(Prompt(Turn.WAIT))
        if self._cancelled:
            raise errors.PinCancelledError

    def _tell(self, prompt: Prompt) -> None:
        if self._cancelled:
            raise errors.PinCancelledError
        self.tell(prompt)


def _until_right(attempt: Callable[[Fault | None], None], again: _Faults) -> None:
    """Ask until the answer is right; anything that `again` does not name ends it."""
    fault = None
    while True:
        try:
            attempt(fault)
        except tuple(again) as refusal:
            fault = again[type(refusal)]
        else:
            return

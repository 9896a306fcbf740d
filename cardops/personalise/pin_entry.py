"""The citizen's part of a card session: the PIN is asked for, held for a while, presented."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cardops import errors
from cardops.cards.profile import CardProfile
from cardops.pin.choice import acceptable
from cardops.pin.held import HeldPin, zero
from cardops.pin.prompts import PinSource, Prompt, Turn


@dataclass
class PinEntry:
    """`source` opens the citizen's screen when it is first needed; `tell` says what is asked."""

    source: Callable[[], PinSource]
    tell: Callable[[Prompt], None]
    hold: float  # seconds that a typed PIN may be kept
    entries: int = 0  # how many times the citizen typed
    asked: int = 0  # how many times the PIN was needed anew, wrong tries not counted
    verified: bool = False  # the card took the PIN, and was not left since
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
        self.verified = False

    def close(self, turn: Turn) -> None:
        """Forget the PIN; the screen's last word is `turn`."""
        self.drop()
        if self._screen:
            self._screen.show(turn)
            self._screen.close()
            self._screen = None

    def cancel(self) -> None:
        """End a wait for the citizen, from another thread."""
        if self._screen:
            self._screen.cancel()

    def present(self, card: CardProfile) -> None:
        """Let the card verify the PIN, asking the citizen until it is right or blocked."""
        wrong = False
        while True:
            pin = self._held.take() or self._ask(card, wrong=wrong)
            try:
                self._verify(card, pin)
            except (errors.InvalidPinError, errors.PinLengthError):
                self._held.drop()
                wrong = True
            else:
                return

    def _verify(self, card: CardProfile, pin: bytearray) -> None:
        try:
            card.verify(pin)
            self._held.hold(pin)
            self.verified = True
        finally:
            zero(pin)

    def _ask(self, card: CardProfile, *, wrong: bool) -> bytearray:
        status = card.pin_status()
        if status.blocked:
            raise errors.PinBlockedError
        self.asked += not wrong
        shown = status.tries_left if status.tries_left < status.full else None
        return self._typed(
            Prompt(Turn.ENTER, self.asked, self.asked, tries_left=shown, wrong=wrong)
        )

    def _typed(self, prompt: Prompt) -> bytearray:
        self.tell(prompt)
        typed = self.screen.ask(prompt)
        self.entries += 1
        return typed

    def choose(self, card: CardProfile, transport_pin: bytes) -> None:
        """Let the citizen replace the transport PIN of a blank card.

        Where the transport PIN is refused, the first PIN was chosen before an interruption: it is
        asked for like any other. So it is where tries are missing: none is risked.
        """
        status = card.pin_status()
        if status.tries_left < status.full:
            return
        chosen = self._chosen()
        try:
            card.change_pin(bytearray(transport_pin), chosen)
        except errors.InvalidPinError:
            return
        else:
            self.asked += 1
            self._held.hold(chosen)
        finally:
            zero(chosen)

    def _chosen(self) -> bytearray:
        """Return a PIN that may be one: the page checks it too, and says why not."""
        wrong = False
        while True:
            chosen = self._typed(Prompt(Turn.CHOOSE, wrong=wrong))
            if acceptable(chosen):
                return chosen
            zero(chosen)
            wrong = True

    @contextmanager
    def typed_anew(self, turn: Turn) -> Iterator[bytearray]:
        """Give the PIN for an unblocked card, typed twice; zeroed afterwards.

        Of one that is kept nobody asks whether it is easy to guess: the card had it.
        """
        pin = self._chosen() if turn == Turn.CHOOSE else self._typed(Prompt(turn))
        try:
            yield pin
        finally:
            zero(pin)

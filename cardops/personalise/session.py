"""One issuance at the card: the connection, the citizen's PIN, how far the work is."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Protocol

from cardops import errors, identity
from cardops.cards import key as keys
from cardops.cards.key_types import PublicKey
from cardops.cards.piv import TRANSPORT_PIN, PivCard
from cardops.channel import Channel
from cardops.identity import comparison
from cardops.personalise.orders import Order
from cardops.pin.choice import acceptable
from cardops.pin.held import HeldPin, zero
from cardops.pin.prompts import PinSource, Prompt, Turn
from cardops.transport import Connection

_FULL_COUNT = 3


class Progress(Protocol):
    def __call__(self, stage: str, prompt: Prompt | None = None) -> None: ...


@dataclass
class Session:
    """Lives from the first command about an issuance to its release, at longest.

    `connect` gives a card, `source` opens the citizen's screen when it is first needed.
    """

    connect: Callable[[], Connection]
    source: Callable[[], PinSource]
    progress: Progress
    hold: float  # seconds that a typed PIN may be kept
    entries: int = 0  # how many times the citizen typed
    asked: int = 0  # how many times the PIN was needed anew, wrong tries not counted
    _screen: PinSource | None = None
    _connection: Connection | None = None
    _piv: PivCard | None = None
    _held: HeldPin = field(init=False)
    _exclusive: ExitStack = field(default_factory=ExitStack)  # keeps other programs off the card

    def __post_init__(self) -> None:
        self._held = HeldPin(self.hold)

    # the card

    def card(self, order: Order) -> PivCard:
        """Return the PIV application of the right person's card, connected anew if needed."""
        if self._piv is None or self._connection is None:
            self._open(order)
        else:
            self._connection.require_alive()
        if self._piv is None:
            raise errors.NoCardError
        return self._piv

    def _open(self, order: Order) -> None:
        self.progress("checking-card")
        self._connection = self.connect()
        self._exclusive.enter_context(self._connection.transaction())
        channel = Channel(self._connection)
        differing = comparison.differences(order.expected, identity.read(channel))
        if differing:
            raise errors.WrongCardError(fields=list(differing))
        self._piv = PivCard.select(channel)
        if self._piv.tries_left() == 0:
            raise errors.PinBlockedError

    @property
    def idle_too_long(self) -> bool:
        """Tell whether a held PIN is due, or its card is not as it was left."""
        if self._held.expired:
            return True
        try:
            if self._connection:
                self._connection.require_alive()
        except errors.CardopsError:
            return True
        return False

    def drop(self) -> None:
        """Forget the PIN and leave the card reset; the citizen's screen stays."""
        self._held.drop()
        self._exclusive.close()
        if self._connection:
            self._connection.close()
        self._connection = self._piv = None

    def close(self, turn: Turn) -> None:
        """Drop everything; the screen's last word is `turn`."""
        self.drop()
        if self._screen:
            self._screen.show(turn)
            self._screen.close()
            self._screen = None

    def cancel(self) -> None:
        """End a wait for the citizen, from another thread."""
        if self._screen:
            self._screen.cancel()

    # the citizen

    @property
    def screen(self) -> PinSource:
        if self._screen is None:
            self._screen = self.source()
        return self._screen

    def present_pin(self, piv: PivCard) -> None:
        """Let the card verify the PIN, asking the citizen until it is right or blocked."""
        wrong = False
        while True:
            pin = self._held.take() or self._ask(piv, wrong=wrong)
            try:
                self._verify(piv, pin)
            except (errors.InvalidPinError, errors.PinLengthError):
                self._held.drop()
                wrong = True
            else:
                return

    def _verify(self, piv: PivCard, pin: bytearray) -> None:
        try:
            piv.verify(pin)
            self._held.hold(pin)
        finally:
            zero(pin)

    def _ask(self, piv: PivCard, *, wrong: bool) -> bytearray:
        left = piv.tries_left()
        if left == 0:
            raise errors.PinBlockedError
        self.asked += not wrong
        shown = left if left < _FULL_COUNT else None
        return self._typed(
            Prompt(Turn.ENTER, self.asked, self.asked, tries_left=shown, wrong=wrong)
        )

    def _typed(self, prompt: Prompt) -> bytearray:
        self.progress("waiting-citizen", prompt)
        typed = self.screen.ask(prompt)
        self.entries += 1
        return typed

    def choose_pin(self, piv: PivCard) -> None:
        """Let the citizen replace the transport PIN of a blank card.

        Where the transport PIN is refused, the first PIN was chosen before an interruption: it is
        asked for like any other.
        """
        chosen = self._chosen()
        try:
            piv.change_pin(bytearray(TRANSPORT_PIN), chosen)
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

    def key(self, piv: PivCard, order: Order, public_key: PublicKey) -> keys.Key:
        """Return the chip's key; each signature presents the PIN first, as slot 9C wants."""
        chip = keys.Chip(piv, order.slot, order.key_type, lambda: self.present_pin(piv))
        return keys.on(chip, public_key)

    @staticmethod
    def nonce() -> bytes:
        return secrets.token_bytes(32)

"""One case at the card: the connection, the application, what was already done on it."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from cardops import errors, identity
from cardops.cards import key as keys
from cardops.cards.access import Access, OwnCommands
from cardops.cards.key_types import PublicKey
from cardops.cards.profile import Ability, CardProfile, Role
from cardops.channel import Channel
from cardops.identity import comparison
from cardops.personalise.orders import Order, UnblockOrder
from cardops.personalise.pin_entry import PinEntry
from cardops.pin.pinpad import PinPad
from cardops.pin.prompts import PinSource, Prompt, Turn
from cardops.transport import Connection


class Progress(Protocol):
    def __call__(self, stage: str, prompt: Prompt | None = None) -> None: ...


@dataclass
class Session:
    """Lives from the first command about a case to its release, at longest.

    `connect` gives a card, `source` opens the citizen's screen when it is first needed, `find_pad`
    tells whether PINs are typed on the reader's keys.
    """

    connect: Callable[[], Connection]
    source: Callable[[], PinSource]
    progress: Progress
    hold: float  # seconds that a typed PIN may be kept, and a card without work
    access: Access = field(default_factory=OwnCommands)
    find_pad: Callable[[Connection], PinPad | None] = lambda _connection: None
    pin: PinEntry = field(init=False)
    _connection: Connection | None = None
    _card: CardProfile | None = None
    _resting_since: float = field(default_factory=time.monotonic)
    fresh: bool = False  # it was nobody's card before
    made: set[Role] = field(default_factory=set)  # keys, as long as the card stays, not certified
    _administered: bool = False
    _replacement_agreed: bool = False
    _opened: ExitStack = field(default_factory=ExitStack)  # leaves the card's application

    def __post_init__(self) -> None:
        self.pin = PinEntry(self.source, self._tell, self.hold)

    def _tell(self, prompt: Prompt) -> None:
        self.progress("waiting-citizen", prompt)

    def card(self, order: Order | UnblockOrder) -> CardProfile:
        """Return the right person's card, connected anew if needed; blocked only to unblock it."""
        if self._card is None or self._connection is None:
            self._open(order)
        else:
            self.access.require_alive(self._connection)
        if self._card is None:
            raise errors.NoCardError
        self.pin.expect(order.pins(self._card, verified=self.pin.verified))
        return self._card

    def _open(self, order: Order | UnblockOrder) -> None:
        self.progress("checking-card")
        self._connection = self.connect()
        check = partial(_require_owner, order, self._connection.atr)
        self._card = self._opened.enter_context(self.access.opened(self._connection, check))
        for ability in order.needs:
            if ability not in self._card.abilities:
                raise errors.NotAvailableError(ability, self._card.name)
        if not order.of_blocked_pin and self._card.pin_status().blocked:
            raise errors.PinBlockedError
        if Ability.PIN_PAD in self._card.abilities:
            self.pin.pad = self.find_pad(self._connection)

    def rest(self) -> None:
        """Note that a command has ended: from now on the session waits for the next one."""
        self._resting_since = time.monotonic()

    @property
    def idle_too_long(self) -> bool:
        """Tell whether PIN or rest are over their time, or the card is not as it was left."""
        if self.pin.expired or time.monotonic() - self._resting_since > self.hold:
            return True
        try:
            if self._connection:
                self.access.require_alive(self._connection)
        except errors.CardopsError:
            return True
        return False

    def drop(self) -> None:
        """Forget the PIN and leave the card reset; the citizen's screen stays."""
        self.pin.drop()
        self._opened.close()
        if self._connection:
            self._connection.close()
        self._connection = self._card = None
        self._administered = self.fresh = False
        self.made.clear()

    def close(self, turn: Turn) -> None:
        """Drop everything; the screen's last word is `turn`."""
        self.drop()
        self.pin.close(turn)

    def cancel(self) -> None:
        """End a wait for the citizen, from another thread."""
        self.pin.cancel()

    def administer(self, card: CardProfile, order: Order) -> None:
        """Gain the right to write, once as long as the card stays."""
        if not self._administered:
            if card.pin_administers:
                self.prove_pin(card, order)
            card.administer(order.management_key)
            self._administered = True

    def agree_to_replacement(self) -> None:
        """Return when the citizen has agreed, once, that old certificates stop working."""
        if not self._replacement_agreed:
            self.pin.confirm_replacement()
            self._replacement_agreed = True

    def prove_pin(self, card: CardProfile, order: Order) -> None:
        """Let the PIN be presented before a key is destroyed: who does not know it loses none."""
        if not self.pin.verified:
            self.pin.expected += card.wants_pin_each_time(order.role)
            self.pin.present(card)

    def key(self, card: CardProfile, order: Order, public_key: PublicKey) -> keys.Key:
        """Return the chip's key; the PIN is presented before a signature that wants it."""
        chip = keys.Chip(card, order.role, order.key_type, lambda: self._before_sign(card, order))
        return keys.on(chip, public_key)

    def _before_sign(self, card: CardProfile, order: Order) -> None:
        if card.wants_pin_each_time(order.role) or not self.pin.verified:
            self.pin.present(card)


def _require_owner(order: Order | UnblockOrder, atr: bytes, channel: Channel) -> None:
    """Raise WrongCardError unless the card is the one that the order is about."""
    card = identity.read(channel, atr=atr)
    if card.kind == identity.Kind.OLD:
        raise errors.OldCardError
    differing = comparison.differences(order.expected, card)
    if differing:
        raise errors.WrongCardError(fields=list(differing))

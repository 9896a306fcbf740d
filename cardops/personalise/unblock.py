"""Unblocks a PIN: the citizen types the new one, or the old one again, and the card takes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cardops import errors
from cardops.cards.profile import CardProfile, PinStatus
from cardops.journal import Journal, Unblocking
from cardops.personalise import administration
from cardops.personalise.orders import UnblockOrder
from cardops.personalise.session import Session
from cardops.pin.pinpad import PinPad
from cardops.pin.prompts import Turn

_NOT_DONE = (
    *(errors.InvalidPukError, errors.PukBlockedError, errors.ApduError, errors.PinLengthError),
    *(errors.PinsDifferError, errors.PinTimeoutError, errors.PinCancelledError),
)


def unblock(order: UnblockOrder, session: Session, journal: Journal) -> dict[str, Any]:
    """Return {before, pin_entries, puk_replaced}; `before`: an earlier order had done it.

    The same order again is harmless: what is done is not done anew.
    """
    card = session.card(order)
    status = card.pin_status()
    if _done_before(order, journal, status):
        return _answer(session, before=True)
    if order.keep and not status.blocked:
        raise errors.PinNotBlockedError(status.tries_left)
    replaced = administration.ready_puk(card, order.puk, last_try_agreed=order.last_try_agreed)
    turn = Turn.KEEP if order.keep else Turn.CHOOSE
    session.pin.renew(card, turn, _Renewal(order, session, card, journal, status.blocked))
    return _answer(session, puk_replaced=replaced)


def _done_before(order: UnblockOrder, journal: Journal, status: PinStatus) -> bool:
    """Tell whether the card took the PIN earlier, although the result was lost perhaps.

    A PIN that was blocked when the act was begun, and is not any more, was unblocked by it.
    """
    known = journal.unblocking(order.unblocking, keep=order.keep)
    if known is None or status.blocked:
        return False
    if known.blocked and not known.done:
        journal.finish_unblocking(order.unblocking, keep=order.keep)
    return known.blocked or known.done


@dataclass(frozen=True)
class _Renewal:
    """The act at the card, journaled, be the PIN typed on the screen or on the reader's keys."""

    order: UnblockOrder
    session: Session
    card: CardProfile
    journal: Journal
    blocked: bool

    def typed(self, pin: bytearray) -> None:
        self.session.progress("unblocking")
        with self._journaled():
            self.card.unblock(self.order.puk, pin)
            _prove(self.card, pin)

    def on_pad(self, pad: PinPad) -> None:
        with self._journaled():
            self.card.unblock_on(pad, self.order.puk)

    @contextmanager
    def _journaled(self) -> Iterator[None]:
        """Write down the intent before the act and its result after it.

        What the card refused, or was never asked, was not done; of what was torn off nobody knows,
        so its intent stays.
        """
        unblocking, keep = self.order.unblocking, self.order.keep
        self.journal.intend_unblocking(Unblocking(unblocking, keep=keep, blocked=self.blocked))
        try:
            yield
        except _NOT_DONE:
            self.journal.forget_unblocking(unblocking)
            raise
        self.journal.finish_unblocking(unblocking, keep=keep)


def _prove(card: CardProfile, pin: bytearray) -> None:
    """Let the card verify the PIN that it said it had taken."""
    try:
        card.verify(pin)
    except (errors.InvalidPinError, errors.PinBlockedError) as refusal:
        raise errors.CardAnswerError from refusal


def _answer(
    session: Session, *, before: bool = False, puk_replaced: bool = False
) -> dict[str, Any]:
    return {
        "before": before,
        "pin_entries": session.pin.entries,
        "puk_replaced": puk_replaced,
    }

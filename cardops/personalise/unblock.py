"""Unblocks a PIN: the citizen types the new one, or the old one again, and the card takes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cardops import errors
from cardops.cards.profile import CardProfile, PinStatus
from cardops.journal import Journal, Unblocking
from cardops.personalise import administration
from cardops.personalise.orders import UnblockOrder
from cardops.personalise.session import Session
from cardops.pin.prompts import Turn


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
    _perform(order, session, card, journal, status)
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


def _perform(
    order: UnblockOrder, session: Session, card: CardProfile, journal: Journal, status: PinStatus
) -> None:
    about = Unblocking(order.unblocking, keep=order.keep, blocked=status.blocked)
    with session.pin.typed_anew(Turn.KEEP if order.keep else Turn.CHOOSE) as pin:
        session.progress("unblocking")
        with _journaled(about, journal):
            card.unblock(order.puk, pin)
            _prove(card, pin)


@contextmanager
def _journaled(about: Unblocking, journal: Journal) -> Iterator[None]:
    """Write down the intent before the act and its result after it.

    What the card refused was not done; of what was torn off nobody knows, so its intent stays.
    """
    journal.intend_unblocking(about)
    try:
        yield
    except (errors.InvalidPukError, errors.PukBlockedError, errors.ApduError):
        journal.forget_unblocking(about.unblocking)
        raise
    journal.finish_unblocking(about.unblocking, keep=about.keep)


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

"""PINs of a card with commands of ISO/IEC 7816-4 (11.5.6 to 11.5.10), the same in each profile.

The verbs with `_on` let the PIN be typed on the keys of the reader.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from cardops import errors
from cardops.cards.profile import PinStatus
from cardops.channel import Channel
from cardops.pin.pinpad import PinPad
from cardops.pin.rules import PinRules

_VERIFY, _CHANGE, _UNBLOCK = ((0x00, ins, 0x00, 0x80) for ins in (0x20, 0x24, 0x2C))
_BLOCKED = 0x6983
_TRIES, _TRIES_MASK = 0x63C0, 0xFFF0


def status(channel: Channel) -> PinStatus:
    """Ask how many tries are left: VERIFY without a PIN costs none."""
    try:
        channel.send(*_VERIFY)
    except errors.ApduError as answer:
        if answer.sw == _BLOCKED:
            return PinStatus(0)
        if answer.sw & _TRIES_MASK != _TRIES:
            raise
        return PinStatus(answer.sw & 0xF)
    return PinStatus(PinStatus.full)  # verified in this session: the card does not tell


def verify(channel: Channel, rules: PinRules, pin: bytearray) -> None:
    with _refusals(), rules.blocks(pin) as block:
        channel.send(*_VERIFY, block)


def change(channel: Channel, rules: PinRules, old: bytearray, new: bytearray) -> None:
    with _refusals(), rules.blocks(old, new) as both:
        channel.send(*_CHANGE, both)


def unblock(channel: Channel, rules: PinRules, puk: bytes, new: bytearray) -> None:
    with puk_refusals(), rules.blocks(new, known=puk) as both:
        channel.send(*_UNBLOCK, both)


def verify_on(pad: PinPad, rules: PinRules) -> None:
    with _refusals():
        pad.verify(bytes(_VERIFY), rules)


def change_on(pad: PinPad, rules: PinRules, old: bytes | None) -> None:
    with _refusals():
        pad.modify(bytes(_CHANGE), rules, None if old is None else rules.filled(old))


def unblock_on(pad: PinPad, rules: PinRules, puk: bytes) -> None:
    with puk_refusals():
        pad.modify(bytes(_UNBLOCK), rules, puk)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn a refused PIN into InvalidPinError or PinBlockedError."""
    try:
        yield
    except errors.ApduError as refusal:
        if refusal.sw in {_BLOCKED, _TRIES}:
            raise errors.PinBlockedError from None
        if refusal.sw & _TRIES_MASK == _TRIES:
            raise errors.InvalidPinError(refusal.sw & 0xF) from None
        raise


@contextmanager
def puk_refusals() -> Iterator[None]:
    try:
        with _refusals():
            yield
    except errors.InvalidPinError as refusal:
        raise errors.InvalidPukError(refusal.tries_left) from None
    except errors.PinBlockedError:
        raise errors.PukBlockedError from None

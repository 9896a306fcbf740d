"""What a card says about a PIN (ISO/IEC 7816-4, 11.5.6), the same in every profile."""

from collections.abc import Iterator
from contextlib import contextmanager

from cardops import errors
from cardops.cards.profile import PinStatus
from cardops.channel import Channel

REFERENCE = 0x80

_BLOCKED = 0x6983
_TRIES, _TRIES_MASK = 0x63C0, 0xFFF0


def status(channel: Channel) -> PinStatus:
    """Ask how many tries are left: VERIFY without a PIN costs none."""
    try:
        channel.send(0x00, 0x20, 0x00, REFERENCE)
    except errors.ApduError as answer:
        if answer.sw == _BLOCKED:
            return PinStatus(0)
        if answer.sw & _TRIES_MASK != _TRIES:
            raise
        return PinStatus(answer.sw & 0xF)
    return PinStatus(PinStatus.full)  # verified in this session: the card does not tell


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refused PIN into InvalidPinError or PinBlockedError."""
    try:
        yield
    except errors.ApduError as refusal:
        if refusal.sw in {_BLOCKED, _TRIES}:
            raise errors.PinBlockedError from None
        if refusal.sw & _TRIES_MASK == _TRIES:
            raise errors.InvalidPinError(refusal.sw & 0xF) from None
        raise

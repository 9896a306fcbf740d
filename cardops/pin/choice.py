"""Which PIN a citizen may choose."""

from cardops import errors
from cardops.pin.rules import PinRules

_RISING = b"01234567890123456789"


def require(pin: bytearray, rules: PinRules) -> None:
    """Raise PinLengthError for no PIN by the rules, EasyPinError for 111111 and 123456.

    The counter cannot judge one that is typed on a pin pad.
    """
    rules.require(pin)
    same = pin.count(pin[0]) == len(pin)
    if same or pin in _RISING or pin in _RISING[::-1]:
        raise errors.EasyPinError

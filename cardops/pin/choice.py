"""Which PIN a citizen may choose."""

_RISING = b"01234567890123456789"


def acceptable(pin: bytearray) -> bool:
    """Tell whether these are 6 to 8 digits that are neither all the same nor a run like 123456."""
    if not (6 <= len(pin) <= 8 and pin.isdigit()):  # noqa: PLR2004 SP 800-73-4 part 2, 2.4.3
        return False
    same = pin.count(pin[0]) == len(pin)
    return not (same or pin in _RISING or pin in _RISING[::-1])

"""A PIN held for one uninterrupted card session, and zeroed at its end."""

import time


class HeldPin:
    """At most one PIN for at most `seconds`; `take` gives a copy that the caller zeroes."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._until = seconds, 0.0
        self._pin = bytearray()

    def hold(self, pin: bytearray) -> None:
        """Keep `pin`; presenting the same again does not lengthen the time."""
        if not self._pin:
            self._until = time.monotonic() + self._seconds
            self._pin = bytearray(pin)

    def take(self) -> bytearray | None:
        if time.monotonic() >= self._until:
            self.drop()
        return bytearray(self._pin) or None

    def drop(self) -> None:
        zero(self._pin)
        self._pin = bytearray()

    @property
    def expired(self) -> bool:
        return bool(self._pin) and time.monotonic() >= self._until


def zero(pin: bytearray) -> None:
    """Overwrite the digits in place."""
    pin[:] = bytes(len(pin))

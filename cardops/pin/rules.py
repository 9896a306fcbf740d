"""How long a card's PIN is and how it lies in a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cardops import errors
from cardops.pin.held import zero

BLOCK = 8  # bytes of a PIN in a command


@dataclass(frozen=True)
class PinRules:
    """How many digits a PIN has, and the byte that fills its block of eight."""

    least: int
    most: int
    filler: int

    @contextmanager
    def blocks(self, *pins: bytearray, known: bytes = b"") -> Iterator[bytearray]:
        """Give what a command carries, the blocks of the PINs behind `known`, and zero it.

        PinLengthError unless each is a PIN by these rules.
        """
        for pin in pins:
            self.require(pin)
        data = bytearray(known)
        data.extend(bytes((self.filler,)) * (BLOCK * len(pins)))
        try:
            for number, pin in enumerate(pins):
                start = len(known) + BLOCK * number
                data[start : start + len(pin)] = pin
            yield data
        finally:
            zero(data)

    def require(self, pin: bytearray) -> None:
        """Raise PinLengthError unless this is a PIN by these rules."""
        if not (self.least <= len(pin) <= self.most and pin.isdigit()):
            raise errors.PinLengthError(least=self.least, most=self.most)

    def filled(self, digits: bytes = b"") -> bytes:
        """Return a block with digits that are no secret, or none."""
        return digits.ljust(BLOCK, bytes((self.filler,)))

"""The one seam between our code and a card: bytes in, bytes out."""

from typing import Protocol


class Transport(Protocol):
    def transmit(self, apdu: bytes | bytearray) -> bytes:
        """Return the response: data and two status bytes (ISO/IEC 7816-4, 5.1)."""

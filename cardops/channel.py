"""Commands to a card: chaining down, draining up, and a trace that blanks secrets."""

from collections.abc import Callable

from cardops import errors
from cardops.transport import Transport

Tracer = Callable[[str], None]

_CHUNK = 255
_CHAINED = 0x10
_SECRET = frozenset({0x20, 0x24, 0x2C, 0x87, 0xFF})  # PINs, management keys
_PRIVATE = frozenset({0xB0})  # contents of identity files


class Channel:
    """One conversation with one card in short APDUs (ISO/IEC 7816-4, 5.1 and 5.3)."""

    def __init__(self, transport: Transport, trace: Tracer | None = None) -> None:
        self._transport, self._trace = transport, trace

    def send(
        self, cla: int, ins: int, p1: int, p2: int, data: bytes = b"", le: int | None = None
    ) -> bytes:
        """Return the response's data; raise ApduError on any status but 9000."""
        start = 0
        while len(data) - start > _CHUNK:
            piece = data[start : start + _CHUNK]
            self._exchange(_apdu(cla | _CHAINED, ins, p1, p2, piece, None))
            start += _CHUNK
        return self._exchange(_apdu(cla, ins, p1, p2, data[start:], le))

    def _exchange(self, apdu: bytes) -> bytes:
        response = self._transmit(apdu)
        if response[-2] == 0x6C:
            response = self._transmit(apdu[:4] + response[-1:])
        data = response[:-2]
        while response[-2] == 0x61:
            response = self._transmit(bytes((apdu[0] & ~_CHAINED, 0xC0, 0, 0, response[-1])))
            data += response[:-2]
        sw = int.from_bytes(response[-2:], "big")
        if sw != 0x9000:
            raise errors.ApduError(sw)
        return data

    def _transmit(self, apdu: bytes) -> bytes:
        response = self._transport.transmit(apdu)
        if len(response) < 2:
            raise errors.CardMuteError
        if self._trace:
            self._trace(_line(apdu, response))
        return response


def _apdu(cla: int, ins: int, p1: int, p2: int, data: bytes, le: int | None) -> bytes:
    body = bytes((len(data),)) + data if data else b""
    tail = b"" if le is None else bytes((le & 0xFF,))
    return bytes((cla, ins, p1, p2)) + body + tail


def _line(apdu: bytes, response: bytes) -> str:
    """Return one line of the trace; what carries or answers a secret is only counted."""
    ins = apdu[1]
    sent = f"{apdu[:4].hex()} <{len(apdu) - 4} bytes>" if ins in _SECRET else apdu.hex()
    hidden = ins in _SECRET | _PRIVATE or ins == 0xC0
    came = f"<{len(response) - 2} bytes> {response[-2:].hex()}" if hidden else response.hex()
    return f"> {sent} < {came}"

"""Commands to a card: chaining down, draining up, and a trace that blanks secrets."""

import logging
from collections.abc import Callable

from cardops import errors
from cardops.transport import Transport

Tracer = Callable[[str], None]

log = logging.getLogger(__name__)

_CHUNK = 255
_CHAINED = 0x10
_SECRET = frozenset({0x20, 0x24, 0x2C, 0x87, 0xFF})  # PINs, management keys
_READING, _WRITING = frozenset({0xB0, 0xCB, 0xC0}), 0xDB  # identity files, certificates


class Channel:
    """One conversation with one card in short APDUs (ISO/IEC 7816-4, 5.1 and 5.3).

    Each command and its answer is a line of the trace; without a `trace` of the log, at DEBUG.
    """

    def __init__(self, transport: Transport, trace: Tracer | None = None) -> None:
        self._transport, self._trace = transport, trace or log.debug

    def send(
        self,
        cla: int,
        ins: int,
        p1: int,
        p2: int,
        data: bytes | bytearray = b"",
        le: int | None = None,
    ) -> bytes:
        """Return the response's data; raise ApduError on any status but 9000.

        Commands are zeroed once they are sent: one may have carried a PIN.
        """
        rest = memoryview(data)
        while len(rest) > _CHUNK:
            self._exchange(_apdu((cla | _CHAINED, ins, p1, p2), rest[:_CHUNK], None))
            rest = rest[_CHUNK:]
        return self._exchange(_apdu((cla, ins, p1, p2), rest, le))

    def _exchange(self, apdu: bytearray) -> bytes:
        try:
            return self._answer(apdu)
        finally:
            apdu[:] = bytes(len(apdu))

    def _answer(self, apdu: bytearray) -> bytes:
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

    def _transmit(self, apdu: bytes | bytearray) -> bytes:
        response = self._transport.transmit(apdu)
        if len(response) < 2:
            raise errors.CardMuteError
        self._trace(_line(apdu, response))
        return response


def _apdu(header: tuple[int, int, int, int], data: memoryview, le: int | None) -> bytearray:
    """Return the command, built in place: growing it would leave a copy of its data behind."""
    size = 1 + len(data) if data else 0
    command = bytearray(4 + size + (le is not None))
    command[:4] = header
    if data:
        command[4] = len(data)
        command[5 : 4 + size] = data
    if le is not None:
        command[-1] = le & 0xFF
    return command


def _line(apdu: bytes | bytearray, response: bytes) -> str:
    """Return one line of the trace; secrets and what names a person are only counted."""
    ins, came = apdu[1], response[:-2]
    sent = f" <{len(apdu) - 4} bytes>" if ins in _SECRET or ins == _WRITING else apdu[4:].hex()
    told = f"<{len(came)} bytes> " if ins in _SECRET | _READING else came.hex()
    return f"> {apdu[:4].hex()}{sent} < {told}{response[-2:].hex()}"

"""Readers and cards as the operating system's smart-card service offers them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from smartcard import scard

from cardops import errors
from cardops.transport import results

_LOOKS, _PAUSE = 10, 0.1  # seconds
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
_HEADERS = {
    scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0,
    scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1,
}


@contextmanager
def _service() -> Iterator[Any]:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    results.check(result)
    try:
        yield context
    finally:
        scard.SCardReleaseContext(context)


def readers() -> list[str]:
    """Return the names of all readers, an empty list when there is none."""
    with _service() as context:
        return _readers(context)


def _readers(context: Any) -> list[str]:
    result, names = scard.SCardListReaders(context, [])
    if result == scard.SCARD_E_NO_READERS_AVAILABLE:
        return []
    results.check(result)
    return list(names)


def _occupied(context: Any) -> list[str]:
    names = _readers(context)
    if not names:
        return []
    states = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
    result, found = scard.SCardGetStatusChange(context, 0, states)
    results.check(result)
    return [name for name, state, _atr in found if state & scard.SCARD_STATE_PRESENT]


def card_present(reader: str | None = None) -> bool:
    """Tell whether a card is in `reader`, or in any reader when None."""
    with _service() as context:
        occupied = _occupied(context)
    return bool(occupied) if reader is None else reader in occupied


class Connection:
    """A card in a reader; typed errors instead of result codes."""

    def __init__(
        self, context: Any, handle: Any, protocol: int, reader: str, movements: int
    ) -> None:
        self._context, self._handle, self._protocol = context, handle, protocol
        self.reader, self._movements = reader, movements
        result, _name, _state, _protocol, atr = scard.SCardStatus(handle)
        results.check(result)
        self.atr = bytes(atr)

    def transmit(self, apdu: bytes) -> bytes:
        header = _HEADERS[self._protocol]
        result, response = scard.SCardTransmit(self._handle, header, list(apdu))
        results.check(result)
        if not response:
            self._explain_silence()
        return bytes(byte & 0xFF for byte in response)

    def _explain_silence(self) -> NoReturn:
        """Tell a card that was pulled from a mute one: a reader needs a moment to see it gone."""
        for _look in range(_LOOKS):
            self.require_alive()
            time.sleep(_PAUSE)
        raise errors.CardMuteError

    def require_alive(self) -> None:
        """Raise CardRemovedError or CardResetError when the card is not as we left it."""
        results.check(scard.SCardStatus(self._handle)[0])

    def require_unmoved(self) -> None:
        """Raise CardRemovedError when the card has left the reader; it may have been reset.

        A reset takes the place of a removal in the handle's state: the reader's count tells.
        """
        result = scard.SCardStatus(self._handle)[0]
        if result != scard.SCARD_W_RESET_CARD:
            results.check(result)
        if _movements(self._context, self.reader) != self._movements:
            raise errors.CardRemovedError

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep other programs off the card meanwhile."""
        results.check(scard.SCardBeginTransaction(self._handle))
        try:
            yield
        finally:
            scard.SCardEndTransaction(self._handle, scard.SCARD_LEAVE_CARD)

    def close(self, *, reset: bool = True) -> None:
        """Leave the card; resetting it forgets a verified PIN."""
        how = scard.SCARD_RESET_CARD if reset else scard.SCARD_LEAVE_CARD
        scard.SCardDisconnect(self._handle, how)
        scard.SCardReleaseContext(self._context)


def connect(reader: str | None = None) -> Connection:
    """Connect to the card in `reader`, or to the first card found when None."""
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    results.check(result)
    try:
        return _connect(context, reader or _first_occupied(context))
    except BaseException:
        scard.SCardReleaseContext(context)
        raise


def _first_occupied(context: Any) -> str:
    if not _readers(context):
        raise errors.NoReaderError
    occupied = _occupied(context)
    if not occupied:
        raise errors.NoCardError
    return occupied[0]


def _movements(context: Any, reader: str) -> int:
    """Return how often a card came or left: the upper half of the reader's state."""
    states = [(reader, scard.SCARD_STATE_UNAWARE)]
    result, found = scard.SCardGetStatusChange(context, 0, states)
    results.check(result)
    return int(found[0][1]) >> 16


def _connect(context: Any, reader: str) -> Connection:
    movements = _movements(context, reader)  # before the card that we get: it may change meanwhile
    result, handle, protocol = scard.SCardConnect(
        context, reader, scard.SCARD_SHARE_SHARED, _PROTOCOLS
    )
    results.check(result)
    return Connection(context, handle, protocol, reader, movements)

"""Readers and cards as the operating system's smart-card service offers them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from smartcard import scard

from cardops import errors
from cardops.transport import bounded, features, results

_LOOKS, _PAUSE = 10, 0.1  # seconds
_A_MOMENT = 1.0  # seconds to wait for a word of the reader itself
_GET_FEATURE_REQUEST = scard.SCARD_CTL_CODE(3400)
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


@dataclass(frozen=True)
class ReaderState:
    """A reader at one moment; `exclusive`: a program took its card for itself."""

    name: str
    card_present: bool
    exclusive: bool
    atr: bytes


def states() -> list[ReaderState]:
    """Return every reader with what is in it."""
    with _service() as context:
        return _states(context)


def _states(context: Any) -> list[ReaderState]:
    names = _readers(context)
    if not names:
        return []
    unaware = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
    result, found = scard.SCardGetStatusChange(context, 0, unaware)
    results.check(result)
    return [_state(*each) for each in found]


def _state(name: str, state: int, atr: list[int]) -> ReaderState:
    present, exclusive = scard.SCARD_STATE_PRESENT, scard.SCARD_STATE_EXCLUSIVE
    return ReaderState(name, bool(state & present), bool(state & exclusive), bytes(atr))


def _occupied(context: Any) -> list[str]:
    return [state.name for state in _states(context) if state.card_present]


def card_present(reader: str | None = None) -> bool:
    """Tell whether a card is in `reader`, or in any reader when None."""
    return look(reader).card_present


@dataclass(frozen=True)
class Look:
    """Which readers there are, which one is used, whether a card is in it."""

    readers: list[str]
    reader: str | None
    card_present: bool


def look(reader: str | None = None) -> Look:
    """Look without touching a card: at `reader`, or at the one that `connect` would take."""
    with _service() as context:
        names, occupied = _readers(context), _occupied(context)
    if reader is None:
        used = next(iter(occupied + names), None)
    else:
        used = next(iter(meant(reader, names)), None)
    return Look(names, used, used in occupied)


def has_pin_pad(reader: str) -> bool | None:
    """Tell whether PINs can be typed on the reader's keys; None where it cannot be asked now."""
    try:
        return bounded.within(lambda: _has_pin_pad(reader), late=lambda _: None, patience=_A_MOMENT)
    except errors.CardopsError:
        return None


def _has_pin_pad(reader: str) -> bool:
    with _service() as context:
        result, handle, _protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_DIRECT, 0)
        results.check(result)
        try:
            return _features(handle).keys() >= features.PIN_PAD
        finally:
            scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)


def _features(handle: Any) -> dict[int, int]:
    """Return the control code of each feature that the reader has; none from most readers."""
    result, answer = scard.SCardControl(handle, _GET_FEATURE_REQUEST, [])
    if result != scard.SCARD_S_SUCCESS:
        return {}
    return features.parse(bytes(byte & 0xFF for byte in answer))


class Connection:
    """A card in a reader; typed errors instead of result codes."""

    def __init__(
        self, context: Any, handle: Any, protocol: int, reader: str, movements: int
    ) -> None:
        self._context, self._handle, self._protocol = context, handle, protocol
        self.reader, self._movements, self._left = reader, movements, False
        result, _name, _state, _protocol, atr = scard.SCardStatus(handle)
        results.check(result)
        self.atr = bytes(atr)

    def transmit(self, apdu: bytes | bytearray) -> bytes:
        header, command = _HEADERS[self._protocol], list(apdu)
        try:
            result, response = scard.SCardTransmit(self._handle, header, command)
        finally:
            command[:] = bytes(len(command))  # it may have carried a PIN
        results.check(result)
        if not response:
            self._explain_silence()
        return bytes(byte & 0xFF for byte in response)

    def features(self) -> dict[int, int]:
        """Return the control code of each feature that the reader has; none from most readers."""
        return _features(self._handle)

    def control(self, code: int, data: bytes) -> bytes:
        """Give the reader itself a command of one of its features; return what it answers."""
        result, answer = scard.SCardControl(self._handle, code, list(data))
        results.check(result)
        return bytes(byte & 0xFF for byte in answer)

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
    def transaction(self, patience: float = bounded.PATIENCE) -> Iterator[None]:
        """Keep other programs off the card meanwhile; CardSharedError while one keeps us off."""
        try:
            bounded.within(
                self._begin,
                late=lambda _: self._leave(scard.SCARD_LEAVE_CARD),
                patience=patience,
            )
        except errors.CardSharedError:
            self._left = True  # the call that still waits leaves the card when it comes back
            raise
        try:
            yield
        finally:
            scard.SCardEndTransaction(self._handle, scard.SCARD_LEAVE_CARD)

    def _begin(self) -> None:
        results.check(scard.SCardBeginTransaction(self._handle))

    def close(self, *, reset: bool = True) -> None:
        """Leave the card; resetting it forgets a verified PIN."""
        how = scard.SCARD_RESET_CARD if reset else scard.SCARD_LEAVE_CARD
        if not self._left:
            self._left = True
            with suppress(errors.CardSharedError):  # it is left as soon as the other lets go
                bounded.within(lambda: self._leave(how), late=lambda _: None)

    def _leave(self, how: int) -> None:
        scard.SCardDisconnect(self._handle, how)
        scard.SCardReleaseContext(self._context)


@contextmanager
def hold(
    reader: str | None = None, *, patience: float = bounded.PATIENCE, reset: bool = False
) -> Iterator[Connection]:
    """Connect and keep other programs off; CardSharedError after `patience` seconds of waiting.

    At the end the card is left as it is, or `reset`, which forgets a verified PIN.
    """
    connection = connect(reader, patience)
    try:
        with connection.transaction(patience):
            yield connection
    finally:
        connection.close(reset=reset)


def connect(reader: str | None = None, patience: float = bounded.PATIENCE) -> Connection:
    """Connect to the card in `reader`, or to the first card found when None.

    The name may end before the numbers that the system gives to readers anew when they are plugged.
    """
    return bounded.within(
        lambda: _connect(reader),
        late=lambda late: late.close(reset=False),
        patience=patience,
    )


def _connect(reader: str | None) -> Connection:
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    results.check(result)
    try:
        return _connected(context, _chosen(context, reader))
    except BaseException:
        scard.SCardReleaseContext(context)
        raise


def _chosen(context: Any, reader: str | None) -> str:
    """Return the one reader to use: it exists, and without a name it holds a card."""
    names = _readers(context)
    if not names:
        raise errors.NoReaderError
    if reader is not None:
        found = meant(reader, names)
        if not found:
            raise errors.NoReaderError(wanted=reader, readers=names)
        return found[0]
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


def meant(reader: str, names: list[str]) -> list[str]:
    """Return the name that is `reader`, or the only one that begins so; nothing for several."""
    begun = [name for name in names if name.startswith(reader)]
    if reader in names:
        return [reader]
    return begun if len(begun) == 1 else []


def _connected(context: Any, reader: str) -> Connection:
    movements = _movements(context, reader)  # before the card that we get: it may change meanwhile
    result, handle, protocol = scard.SCardConnect(
        context, reader, scard.SCARD_SHARE_SHARED, _PROTOCOLS
    )
    results.check(result)
    return Connection(context, handle, protocol, reader, movements)

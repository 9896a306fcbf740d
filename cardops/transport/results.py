"""PC/SC's result codes, mapped once to errors of our own."""

from smartcard import scard

from cardops import errors

_ERRORS: dict[int, type[errors.CardopsError]] = {
    scard.SCARD_E_NO_SERVICE: errors.ServiceDownError,
    scard.SCARD_E_SERVICE_STOPPED: errors.ServiceDownError,
    scard.SCARD_E_INVALID_HANDLE: errors.ServiceDownError,
    scard.SCARD_E_NO_READERS_AVAILABLE: errors.NoReaderError,
    scard.SCARD_E_UNKNOWN_READER: errors.NoReaderError,
    scard.SCARD_E_READER_UNAVAILABLE: errors.NoReaderError,
    scard.SCARD_E_NO_SMARTCARD: errors.NoCardError,
    scard.SCARD_W_REMOVED_CARD: errors.CardRemovedError,
    scard.SCARD_W_RESET_CARD: errors.CardResetError,
    scard.SCARD_E_SHARING_VIOLATION: errors.CardSharedError,
    scard.SCARD_W_UNRESPONSIVE_CARD: errors.CardMuteError,
    scard.SCARD_W_UNPOWERED_CARD: errors.CardMuteError,
    scard.SCARD_E_PROTO_MISMATCH: errors.CardMuteError,
    scard.SCARD_E_NOT_TRANSACTED: errors.CardRemovedError,
}


def check(result: int) -> None:
    """Raise the error that `result` stands for, if it is one."""
    if result == scard.SCARD_S_SUCCESS:
        return
    error = _ERRORS.get(result, errors.CardopsError)
    raise error(pcsc=f"{result & 0xFFFFFFFF:08X}")

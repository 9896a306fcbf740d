"""PKCS#11's return values, mapped once to errors of our own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pkcs11

from cardops import errors
from cardops.cards.profile import Ability

_ERRORS: dict[type[pkcs11.PKCS11Error], type[errors.CardopsError]] = {
    pkcs11.DeviceRemoved: errors.CardRemovedError,
    pkcs11.TokenNotPresent: errors.CardRemovedError,
    pkcs11.SlotIDInvalid: errors.CardRemovedError,
    pkcs11.TokenNotRecognised: errors.UnknownCardError,
    pkcs11.DeviceMemory: errors.NoSpaceError,
    pkcs11.SessionHandleInvalid: errors.CardResetError,
    pkcs11.SessionClosed: errors.CardResetError,
    pkcs11.UserNotLoggedIn: errors.CardResetError,
    pkcs11.PinLocked: errors.PinBlockedError,
    pkcs11.FunctionCancelled: errors.PinCancelledError,  # only a pin pad lets anybody cancel
}
_LENGTH = (pkcs11.PinLenRange, pkcs11.PinInvalid, pkcs11.PinTooWeak)


@contextmanager
def translated(least: int = 0, most: int = 0) -> Iterator[None]:
    """Raise our errors; `least` and `most` are the digits that a PIN may have."""
    try:
        yield
    except _LENGTH as fault:
        raise errors.PinLengthError(least=least, most=most) from fault
    except pkcs11.PKCS11Error as fault:
        found = _ERRORS.get(type(fault))
        raise (found() if found else errors.ModuleError(type(fault).__name__)) from fault


@contextmanager
def ability(wanted: Ability, profile: str) -> Iterator[None]:
    """Raise NotAvailableError for what the module says that it has not."""
    try:
        with translated():
            yield
    except errors.ModuleError as fault:
        if fault.fault != pkcs11.FunctionNotSupported.__name__:
            raise
        raise errors.NotAvailableError(wanted, profile) from fault

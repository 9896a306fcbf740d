"""Who is logged in at a token: nobody, or its citizen by the PIN or the reader's keys."""

from contextlib import suppress

import pkcs11
from pkcs11.constants import TokenFlag

from cardops.cards.profile import PinStatus

_SO_PIN_FINAL_TRY = 0x0020_0000  # PKCS#11 2.40, table 6: CKF_SO_PIN_FINAL_TRY
_SOME_MISSING = PinStatus.full - 1
_LEFT = {
    TokenFlag.USER_PIN_LOCKED: 0,
    TokenFlag.USER_PIN_FINAL_TRY: 1,
    TokenFlag.USER_PIN_COUNT_LOW: _SOME_MISSING,
}


class Digits:
    """A PIN in the shape that python-pkcs11 takes: something to encode.

    What `encode` gives is the caller's own buffer, lent to the module: no copy is made that
    nobody could overwrite.
    """

    def __init__(self, pin: bytes | bytearray) -> None:
        self._pin = pin

    def encode(self, _encoding: str) -> bytes | bytearray:
        return self._pin


class Login:
    """A login belongs to the whole token, so that one session carries it for all."""

    def __init__(self, slot: pkcs11.Slot) -> None:
        self._slot = slot
        self._session: pkcs11.Session | None = None

    def enter(self, pin: Digits | None) -> None:
        """Log in, anew where somebody is; None lets the PIN be typed on the reader's keys."""
        self.leave()
        typed = pkcs11.PROTECTED_AUTH if pin is None else pin
        self._session = self._slot.get_token().open(rw=True, user_pin=typed)

    def leave(self) -> None:
        """Log out; a token that is gone has nobody logged in."""
        if self._session:
            with suppress(pkcs11.PKCS11Error):
                self._session.close()
            self._session = None

    def initialise(self, so_pin: bytes, new: bytearray) -> None:
        """Let the security officer give the citizen a PIN, and all tries."""
        self.leave()
        officer = self._slot.get_token().open(rw=True, so_pin=Digits(so_pin))
        try:
            officer.init_pin(Digits(new))  # type: ignore[arg-type]
        finally:
            officer.close()

    def status(self) -> PinStatus:
        """Return the tries as far as a token's flags tell: all, not all, one, none."""
        flags = self._slot.get_token().flags
        return PinStatus(min((left for flag, left in _LEFT.items() if flags & flag), default=3))

    def refused(self) -> int:
        """Return the tries left after a wrong PIN: at least one is missing then."""
        return min(self.status().tries_left, _SOME_MISSING)

    def officer_refused(self) -> int:
        flags = self._slot.get_token().flags
        return 1 if flags & _SO_PIN_FINAL_TRY else _SOME_MISSING

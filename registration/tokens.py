"""A PKCS#11 token, opened for one use: one login at a time, and never with its last tries."""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pkcs11
from pkcs11.constants import TokenFlag

_FEW_TRIES = TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_COUNT_LOW
_LOGIN = Lock()  # of a token a process has one: a second one in another thread is refused


class TokenError(Exception):
    """The token cannot be used; `reason` is a stable kebab-case code."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


class TokenPinError(TokenError):
    """The token refused the PIN, or has so few tries left that it is not asked."""


@dataclass(frozen=True)
class Token:
    module: Path  # shared library
    label: str
    pin: Path  # file of the PIN alone


@contextmanager
def opened(token: Token, *, writing: bool = False) -> Iterator[pkcs11.Session]:
    """Yield a session that is logged in. Raises TokenError, TokenPinError."""
    with _LOGIN, _lent(token.pin) as pin:
        try:
            found = pkcs11.lib(str(token.module)).get_token(token_label=token.label)
        except pkcs11.PKCS11Error as fault:
            raise TokenError("token-not-there", token=token.label) from fault
        _require_tries(found)
        with _logged_in(found, pin, writing=writing) as session:
            yield session


def _require_tries(token: pkcs11.Token) -> None:
    """Spend no try that could be the last: a token locks itself for good."""
    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise TokenPinError("pin-locked", token=token.label)
    if token.flags & _FEW_TRIES:
        raise TokenPinError("few-tries-left", token=token.label)


@contextmanager
def _logged_in(token: pkcs11.Token, pin: str, *, writing: bool) -> Iterator[pkcs11.Session]:
    try:
        session = token.open(rw=writing, user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as fault:
        raise TokenPinError("pin-wrong", token=token.label) from fault
    except (pkcs11.PinLocked, pkcs11.PinExpired) as fault:
        raise TokenPinError("pin-locked", token=token.label) from fault
    except pkcs11.PKCS11Error as fault:
        raise TokenError("token-not-usable", token=token.label) from fault
    try:
        yield session
    finally:
        session.close()


@contextmanager
def _lent(path: Path) -> Iterator[str]:
    """Lend what the file of the PIN holds, without the end of its line, to one process at a time.

    While somebody logs in, SoftHSM for one does not show its token to another process.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            fcntl.flock(file, fcntl.LOCK_EX)
            pin = file.read().rstrip(b"\r\n").decode()
        except OSError as fault:
            raise TokenError("file-unreadable", file=path.name) from fault
        except UnicodeDecodeError as fault:
            raise TokenError("not-a-pin", file=path.name) from fault
        yield pin

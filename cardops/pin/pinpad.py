"""The reader's own keys: a PIN goes from them into the card, and no program sees it.

PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE are those of PC/SC part 10, 2.5.2 and 2.5.3: packed,
little-endian, the command with filler where the reader writes the digits.
"""

import logging
import struct
from dataclasses import dataclass
from typing import NoReturn, Self

from cardops import errors
from cardops.pin.rules import BLOCK, PinRules
from cardops.transport import PIN_PAD, Connection, Feature

_ASCII_FROM_THE_LEFT = 0x82  # positions in bytes
_NO_LENGTH = 0x00  # the length of the PIN is not written into the command
_CONFIRM, _CURRENT = 0x01, 0x02  # the new PIN twice, the old one before it
_OK_KEY = 0x02  # ends an entry
_ENGLISH = 0x0409  # every pad with a display knows it; the citizen screen speaks the citizen's own
_PIN, _NEW, _AGAIN = 0, 1, 2  # messages on the display
_LONGEST = 255  # seconds
_OK = 0x9000
_TIMED_OUT, _CANCELLED, _DIFFERENT, _LENGTH, _REFUSED = 0x6400, 0x6401, 0x6402, 0x6403, 0x6B80

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PinPad:
    """The keys of the reader that holds a card; each verb waits until the citizen has typed.

    Raises PinTimeoutError, PinCancelledError, PinLengthError, PinsDifferError and PinPadError for
    the reader, ApduError for what the card answered.
    """

    connection: Connection
    seconds: float
    controls: dict[int, int]  # the reader's control code by feature

    @classmethod
    def find(cls, connection: Connection, seconds: float) -> Self | None:
        """Return the pad of the connected reader, None where it has no keys that do both."""
        controls = connection.features()
        if not controls.keys() >= PIN_PAD:
            return None
        return cls(connection, seconds, controls)

    def verify(self, header: bytes, rules: PinRules) -> None:
        """Send the command with the PIN as its data."""
        asked = verify_structure(header, rules, self.seconds)
        self._ask(Feature.VERIFY_PIN_DIRECT, asked, rules)

    def modify(self, header: bytes, rules: PinRules, known: bytes | None) -> None:
        """Send the command with old and new PIN; `known` is the old one's block where it is."""
        asked = modify_structure(header, rules, self.seconds, known)
        self._ask(Feature.MODIFY_PIN_DIRECT, asked, rules)

    def _ask(self, feature: Feature, structure: bytes, rules: PinRules) -> None:
        answer = self.connection.control(self.controls[feature], structure)
        sw = int.from_bytes(answer[-2:], "big")
        log.debug("pin pad: %s < %04x", feature.name, sw)
        if sw != _OK:
            self._explain(sw, rules)

    def _explain(self, sw: int, rules: PinRules) -> NoReturn:
        said: dict[int, errors.CardopsError] = {
            _TIMED_OUT: errors.PinTimeoutError(seconds=self.seconds),
            _CANCELLED: errors.PinCancelledError(),
            _DIFFERENT: errors.PinsDifferError(),
            _LENGTH: errors.PinLengthError(least=rules.least, most=rules.most),
            _REFUSED: errors.PinPadError(self.connection.reader),
        }
        raise said.get(sw) or errors.ApduError(sw)


def verify_structure(header: bytes, rules: PinRules, seconds: float) -> bytes:
    """Return PIN_VERIFY_STRUCTURE for a command of CLA INS P1 P2 whose data is one PIN block."""
    command = _command(header, rules.filled())
    return (
        struct.pack(
            "<5BHBBHB3xI",
            *_entry(seconds),
            _digits(rules),
            _OK_KEY,
            1,
            _ENGLISH,
            _PIN,
            len(command),
        )
        + command
    )


def modify_structure(header: bytes, rules: PinRules, seconds: float, known: bytes | None) -> bytes:
    """Return PIN_MODIFY_STRUCTURE: two PIN blocks, the first one `known` or typed as well."""
    command = _command(header, (rules.filled() if known is None else known) + rules.filled())
    messages = (_PIN, _NEW, _AGAIN) if known is None else (_NEW, _AGAIN, 0)
    return (
        struct.pack(
            "<7BHBBBH3B3xI",
            *_entry(seconds),
            0,
            BLOCK,
            _digits(rules),
            _CONFIRM | (_CURRENT if known is None else 0),
            _OK_KEY,
            3 if known is None else 2,
            _ENGLISH,
            *messages,
            len(command),
        )
        + command
    )


def _command(header: bytes, data: bytes) -> bytes:
    return header + bytes((len(data),)) + data


def _entry(seconds: float) -> tuple[int, int, int, int, int]:
    """Return both time-outs and how the digits are written."""
    time = min(int(seconds), _LONGEST)
    return time, time, _ASCII_FROM_THE_LEFT, BLOCK, _NO_LENGTH


def _digits(rules: PinRules) -> int:
    return rules.least << 8 | rules.most

"""What a verb brings: data for programs, lines for people, a status for the shell."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Status(IntEnum):
    """Exit codes; 2 is argparse's, for a command line that cannot be understood."""

    DONE = 0
    UNEXPECTED = 1
    NOTHING_THERE = 3  # no service, no reader, no card
    CARD = 4  # it is held, mute, unknown, too old, or refused a command
    PIN = 5  # wrong, blocked, not typed
    WRITING = 6  # key or certificate could not be brought onto the card
    FOUND = 7  # the examination found what keeps the card from being used


_STATUS_OF = {
    Status.NOTHING_THERE: {"service-down", "no-reader", "no-card", "card-removed"},
    Status.CARD: {
        "card-held-by-another-program",
        "card-mute",
        "card-reset",
        "card-refused",
        "card-answer-malformed",
        "unknown-card",
        "card-too-old",
    },
    Status.PIN: {"wrong-pin", "pin-blocked", "pin-timeout", "pin-cancelled", "pin-length"},
    Status.WRITING: {
        "management-key-refused",
        "key-not-on-card",
        "read-back-differs",
        "no-space",
        "not-available",
    },
}


@dataclass(frozen=True)
class Outcome:
    """`data` is JSON."""

    data: Any
    lines: Sequence[str]
    status: Status = Status.DONE


def status_of(code: str) -> Status:
    """Return the exit code of an error's code."""
    found = (status for status, codes in _STATUS_OF.items() if code in codes)
    return next(found, Status.UNEXPECTED)

"""The answer to "is this certificate still good?", and the doubt that is no answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from registration.ca.base import State
from registration.ca.errors import CAError, gettext_noop

SKEW = timedelta(minutes=5)  # by which a body's clock may differ from ours
UNBOUNDED = timedelta(hours=24)  # how long an answer counts that names no next update


class Source(StrEnum):
    OCSP = "ocsp"
    CRL = "crl"


@dataclass(frozen=True)
class Answer:
    """`known_at` is the body's own thisUpdate: what it says, it says of that moment."""

    state: State  # never UNKNOWN
    known_at: datetime
    source: Source
    reason: str = ""  # of RFC 5280 section 5.3.1, as in `x509.ReasonFlags`
    at: datetime | None = None  # since when it is suspended or revoked


class StatusError(CAError):
    """Nobody could tell; `final` where no other source may be asked either."""

    message = gettext_noop("Nobody could tell whether the certificate is good (%(reason)s).")

    def __init__(self, reason: str, *, final: bool = False, retryable: bool = False) -> None:
        super().__init__(reason, retryable=retryable)
        self.final = final


def require_current(this_update: datetime, next_update: datetime | None, now: datetime) -> None:
    """Raise StatusError for an answer of tomorrow and for one that is out of date."""
    if this_update > now + SKEW:
        raise StatusError("not-yet-valid")
    if (next_update or this_update + UNBOUNDED) < now - SKEW:
        raise StatusError("out-of-date")


def state_of(reason: str) -> State:
    """Return what a listed certificate is, by the reason that stands with it."""
    return State.SUSPENDED if reason == "certificateHold" else State.REVOKED

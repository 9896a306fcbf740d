"""The change of a certificate's status: why, from where to where, by when, how far it has come.

Reasons of RFC 5280, section 5.3.1, named as in `x509.ReasonFlags`. The two clocks are those of
ETSI EN 319 411-1, 6.2.4 and 6.3.9: how long they run is the office's setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from registration.workflow.requests import StatusChange


class Reason(StrEnum):
    """Why somebody wants the change."""

    LOST = "lost"
    DATA = "data"
    REPLACED = "replaced"
    DIED = "died"
    WISH = "wish"
    DOUBT = "doubt"  # the card is missing, and may turn up
    FOUND = "found"


class Status(StrEnum):
    """Where a certificate stands as far as we were told."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


REASONS: Mapping[StatusChange, Mapping[Reason, str]] = {
    StatusChange.REVOKE: {
        Reason.LOST: "keyCompromise",
        Reason.DATA: "affiliationChanged",
        Reason.REPLACED: "superseded",
        Reason.DIED: "cessationOfOperation",
        Reason.WISH: "cessationOfOperation",
    },
    StatusChange.SUSPEND: {Reason.DOUBT: "certificateHold", Reason.WISH: "certificateHold"},
    StatusChange.REACTIVATE: {Reason.FOUND: "removeFromCRL", Reason.WISH: "removeFromCRL"},
}
ARROWS: Mapping[StatusChange, tuple[frozenset[Status], Status]] = {  # revoked is final
    StatusChange.REVOKE: (frozenset({Status.ACTIVE, Status.SUSPENDED}), Status.REVOKED),
    StatusChange.SUSPEND: (frozenset({Status.ACTIVE}), Status.SUSPENDED),
    StatusChange.REACTIVATE: (frozenset({Status.SUSPENDED}), Status.ACTIVE),
}


class Stage(StrEnum):
    """Where the work at the certification body stands."""

    WAITING = "waiting"  # decided; the body is asked until it answers
    INTERRUPTED = "interrupted"  # it refused; a person decides
    DONE = "done"  # it confirmed every certificate


STAGES: Mapping[Stage, frozenset[Stage]] = {
    Stage.WAITING: frozenset({Stage.INTERRUPTED, Stage.DONE}),
    Stage.INTERRUPTED: frozenset({Stage.WAITING}),
    Stage.DONE: frozenset(),
}


def code(change: str, reason: str) -> str:
    """Return the reason as the body is told it; empty where it fits no such change."""
    reasons = {str(name): codes for name, codes in REASONS.items()}.get(change, {})
    return {str(name): value for name, value in reasons.items()}.get(reason, "")


def possible(change: str, status: Status) -> bool:
    """Tell whether the change leads on from where a certificate stands."""
    return status in ARROWS[StatusChange(change)][0]


def target(change: str) -> Status:
    """Return where a certificate stands after the change."""
    return ARROWS[StatusChange(change)][1]


@dataclass(frozen=True)
class Clock:
    """A time within which something must be so. `stopped`: when it was; None while it is not."""

    started: datetime
    allowed: timedelta
    stopped: datetime | None = None

    @property
    def due(self) -> datetime:
        return self.started + self.allowed

    def overdue(self, now: datetime) -> bool:
        """Tell whether it took, or takes, too long."""
        return (self.stopped or now) > self.due

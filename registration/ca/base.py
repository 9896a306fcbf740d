"""The one interface through which the counter speaks to any certification body."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from registration.ca.errors import CAError, CARefusedError, CAUnreachableError

__all__ = [
    "CAError",
    "CARefusedError",
    "CAUnreachableError",
    "Connector",
    "Enrolled",
    "EnrolmentRequest",
    "Health",
    "Pending",
    "State",
    "Status",
    "Subject",
]

Subject = tuple[tuple[str, str], ...]
"""One (object identifier, value) for each RDN, in the order of the certificate."""


@dataclass(frozen=True)
class EnrolmentRequest:
    """All that decides the certificate; `key` makes a repeated request the same request."""

    key: str
    csr: bytes  # PKCS#10, DER
    subject: Subject
    profile: str
    email: str | None = None
    not_after: datetime | None = None  # the identity card's last moment; None when permanent


@dataclass(frozen=True)
class Enrolled:
    certificate: bytes  # DER


@dataclass(frozen=True)
class Pending:
    """The request waits for a person's approval at the body; ask again by the reference."""

    reference: str


class State(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    UNKNOWN = "unknown"  # "could not tell" is never "valid"


@dataclass(frozen=True)
class Status:
    state: State
    reason: str = ""  # of RFC 5280 section 5.3.1, as in `x509.ReasonFlags`
    at: datetime | None = None


@dataclass(frozen=True)
class Health:
    ok: bool
    detail: str
    at: datetime


class Connector(Protocol):
    """Every failure is a `CAError`, which says whether a retry can help."""

    def enrol(self, request: EnrolmentRequest) -> Enrolled | Pending: ...

    def lookup(self, key: str) -> Enrolled | Pending | None: ...

    def revoke(self, serial: int, reason: str, at: datetime) -> Status:
        """Repeatable: a certificate that is already revoked keeps its first reason and time."""

    def status(self, serial: int) -> Status: ...

    def chain(self) -> tuple[bytes, ...]:
        """DER of the issuing CA first, the root last."""

    def health(self) -> Health: ...

"""The one interface through which the counter speaks to any certification body."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from registration.ca.errors import AnswerLostError, CAError, CARefusedError, CAUnreachableError

__all__ = [
    "AnswerLostError",
    "CAError",
    "CARefusedError",
    "CAUnreachableError",
    "Connector",
    "Enrolled",
    "EnrolmentRequest",
    "Health",
    "Pending",
    "Phase",
    "State",
    "Status",
    "Subject",
    "Transaction",
]

Subject = tuple[tuple[str, ...], ...]
"""One (object identifier, value) for each RDN, in the order of the certificate.

What shares an RDN follows in it: (identifier, value, identifier, value); which is first means
nothing there, DER sorts them (X.690 section 11.6).
"""


@dataclass(frozen=True)
class EnrolmentRequest:
    """All that decides the certificate; `key` makes a repeated request the same request."""

    key: str
    csr: bytes  # PKCS#10, DER
    subject: Subject
    profile: str
    email: str | None = None
    not_after: datetime | None = None  # the identity card's last moment; None when permanent


class Phase(StrEnum):
    """Where the conversation about one certificate stands."""

    NONE = ""  # there is none, or nothing is owed in it any more
    ASKED = "asked"  # the request may have reached the body; no answer is on record
    PENDING = "pending"  # a person at the body has to approve
    GRANTED = "granted"  # the certificate came; the body waits for confirmation or rejection
    LOST = "lost"  # a person decided: what was issued, if anything, is rejected


@dataclass(frozen=True)
class Transaction:
    """What is kept of a conversation so that it goes on after a crash; never secret.

    Stays empty with bodies that give the same answer to a repeated request.
    """

    id: str = ""  # another one for each asking; over CMP hexadecimal
    phase: Phase = Phase.NONE
    nonce: str = ""  # the body's last one, which goes back to it; hexadecimal
    number: int = -1  # of the request in it, as the body counts

    def to_json(self) -> dict[str, Any]:
        return asdict(self) if self.id else {}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "phase": Phase(data.get("phase", ""))})


@dataclass(frozen=True)
class Enrolled:
    certificate: bytes  # DER
    transaction: Transaction = Transaction()


@dataclass(frozen=True)
class Pending:
    """The request waits for a person's approval at the body; enrol again with the transaction."""

    transaction: Transaction
    check_after: int  # seconds


class State(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    UNKNOWN = "unknown"  # "could not tell" is never "valid"
    NOT_TOLD = "not-told"  # its protocol has no such question; its lists answer it


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

    @property
    def patience(self) -> float:
        """Seconds after which an answer that did not come is lost."""

    @property
    def settling(self) -> float:
        """Seconds after asking within which a lookup may find what it did not find before.

        0 where nothing can be looked up.
        """

    def begin(self, key: str) -> Transaction:
        """Return what has to be on record before `enrol`: without it a crash cannot be undone.

        `key` is that of the request which is going to be made.
        """

    def enrol(
        self, request: EnrolmentRequest, transaction: Transaction = ...
    ) -> Enrolled | Pending:
        """Ask, or go on with what is pending.

        Raises AnswerLostError where a certificate may have been issued that nobody received; with
        every other error nothing was issued.
        """

    def lookup(self, key: str) -> Enrolled | None:
        """Return what was issued for a request; None too where the body has no such question."""

    def confirm(self, transaction: Transaction, certificate: bytes) -> None:
        """Tell that the certificate is on the card and read back. Repeatable."""

    def reject(self, transaction: Transaction, certificate: bytes | None) -> None:
        """Tell that the certificate will not be used; None: whatever the body issued. Repeatable.

        Raises CARefusedError where the body knows no such transaction, or closed it.
        """

    def revoke(self, serial: int, reason: str, at: datetime) -> Status:
        """Repeatable: a certificate that is already revoked keeps its first reason and time."""

    def status(self, serial: int) -> Status: ...

    def chain(self) -> tuple[bytes, ...]:
        """DER of the issuing CA first, the root last."""

    def health(self) -> Health: ...

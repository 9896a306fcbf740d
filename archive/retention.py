"""How long a record is kept: a number of years after an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone


class Anchor(StrEnum):
    """The event after which the years are counted."""

    EXPIRY = "expiry"  # the certificate that ended last ran out
    REVOCATION = "revocation"  # it was revoked before
    CHAIN = "chain"  # another one ended later, of the certificates that renewed one another
    PERFORMED = "performed"  # something else was done: a PIN was unblocked
    DECISION = "decision"  # nothing was: the case was refused or withdrawn


class Counting(StrEnum):
    """What the term of a category is counted from."""

    CERTIFICATES = "certificates"  # their last end; without one, the decision
    PERFORMED = "performed"
    DECISION = "decision"


@dataclass(frozen=True)
class Line:
    """A category of the list: what belongs to it, how long it is kept, counted from what."""

    mark: str
    name: str
    years: int | None  # None: permanently
    counting: str  # a Counting
    outcomes: tuple[tuple[str, str], ...]  # (kind of the case, how it ended)


@dataclass(frozen=True)
class Term:
    """The event that counts, its day, and the last day on which the record must be kept."""

    anchor: Anchor
    event: date
    years: int | None  # None: permanently

    @property
    def until(self) -> date | None:
        """Terms run from 1 January after the event to 31 December (archive law 6/2020)."""
        return None if self.years is None else date(self.event.year + self.years, 12, 31)


@dataclass(frozen=True)
class Life:
    """Until when a certificate was made to last, and when it ended by a word of the body."""

    valid_until: datetime
    ended: datetime | None = None

    @property
    def cut_short(self) -> bool:
        return self.ended is not None and self.ended < self.valid_until

    @property
    def end(self) -> datetime:
        return min(self.ended or self.valid_until, self.valid_until)


def after_certificates(own: Sequence[Life], years: int | None, chain: Sequence[Life] = ()) -> Term:
    """Return the term of a record with certificates: it counts from the last of their ends.

    `chain`: the lives of all that these renewed and were renewed by.
    """
    last = max(own, key=_end)
    anchor = Anchor.REVOCATION if last.cut_short else Anchor.EXPIRY
    latest = max(chain, key=_end, default=last)
    if latest.end > last.end:
        last, anchor = latest, Anchor.CHAIN
    return Term(anchor, local_day(last.end), years)


def after_decision(decided_on: date, years: int | None) -> Term:
    """Return the term of a record without a certificate."""
    return Term(Anchor.DECISION, decided_on, years)


def after_performance(performed_on: date, years: int | None) -> Term:
    """Return the term of a record of something done that is no certificate."""
    return Term(Anchor.PERFORMED, performed_on, years)


def local_day(moment: datetime) -> date:
    """Return the office's calendar day: a certificate that ends at 23:30 UTC ends tomorrow."""
    return timezone.localtime(moment).date()


def _end(life: Life) -> datetime:
    return life.end

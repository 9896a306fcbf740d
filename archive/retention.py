"""How long a record is kept: a number of years after an event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone


class Anchor(StrEnum):
    """The event after which the years are counted."""

    EXPIRY = "expiry"  # the certificate that ended last ran out
    REVOCATION = "revocation"  # it was revoked before
    PERFORMED = "performed"  # something else was done: a PIN was unblocked
    DECISION = "decision"  # nothing was: the case was refused or withdrawn


@dataclass(frozen=True)
class Term:
    """The event that counts, its day, and the last day on which the record must be kept."""

    anchor: Anchor
    event: date
    years: int

    @property
    def until(self) -> date:
        """Terms run from 1 January after the event to 31 December (see facts of archive law)."""
        return date(self.event.year + self.years, 12, 31)


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


def after_certificates(lives: Iterable[Life], years: int) -> Term:
    """Return the term of a record with certificates: it counts from the last of their ends."""
    last = max(lives, key=lambda life: life.end)
    anchor = Anchor.REVOCATION if last.cut_short else Anchor.EXPIRY
    return Term(anchor, local_day(last.end), years)


def after_decision(decided_on: date, years: int) -> Term:
    """Return the term of a record without a certificate."""
    return Term(Anchor.DECISION, decided_on, years)


def after_performance(performed_on: date, years: int) -> Term:
    """Return the term of a record of something done that is no certificate."""
    return Term(Anchor.PERFORMED, performed_on, years)


def local_day(moment: datetime) -> date:
    """Return the office's calendar day: a certificate that ends at 23:30 UTC ends tomorrow."""
    return timezone.localtime(moment).date()

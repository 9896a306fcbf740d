"""How long a record is kept: a number of years after an event."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone


class Anchor(StrEnum):
    """The event after which the years are counted."""

    EXPIRY = "expiry"  # the certificate ran out
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


def after_certificate(valid_until: datetime, ended: datetime | None, years: int) -> Term:
    """Return the term of a record with a certificate, which may have ended before its expiry."""
    if ended is not None and ended < valid_until:
        return Term(Anchor.REVOCATION, local_day(ended), years)
    return Term(Anchor.EXPIRY, local_day(valid_until), years)


def after_decision(decided_on: date, years: int) -> Term:
    """Return the term of a record without a certificate."""
    return Term(Anchor.DECISION, decided_on, years)


def after_performance(performed_on: date, years: int) -> Term:
    """Return the term of a record of something done that is no certificate."""
    return Term(Anchor.PERFORMED, performed_on, years)


def local_day(moment: datetime) -> date:
    """Return the office's calendar day: a certificate that ends at 23:30 UTC ends tomorrow."""
    return timezone.localtime(moment).date()

"""How long a certificate may live: the profile's years, the card, the issuing CA."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_OFFICE = ZoneInfo("Europe/Belgrade")


def end_of(day: date) -> datetime:
    """Return the last second of a day at the counter: a card is valid through that day."""
    return datetime.combine(day, time(23, 59, 59), _OFFICE)


def after_years(start: datetime, years: int) -> datetime:
    """Return the last moment of a span from `start`; both ends count (RFC 5280, 4.1.2.5)."""
    try:
        same_day = start.replace(year=start.year + years)
    except ValueError:  # 29 February
        same_day = start.replace(year=start.year + years, day=28)
    return same_day - timedelta(seconds=1)

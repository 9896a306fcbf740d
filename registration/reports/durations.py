"""Middle and high values of durations, the same on every database."""

import math
from collections.abc import Iterable
from datetime import timedelta


def percentile(durations: Iterable[timedelta], share: float) -> timedelta:
    """Return the duration that `share` of them do not pass, to the second.

    Between two neighbours it lies in proportion, as PostgreSQL's percentile_cont has it.
    """
    ordered = sorted(durations)
    place = share * (len(ordered) - 1)
    below, above = ordered[math.floor(place)], ordered[math.ceil(place)]
    return whole(below + (above - below) * (place - math.floor(place)))


def whole(duration: timedelta) -> timedelta:
    """Round to the second."""
    return timedelta(seconds=round(duration.total_seconds()))

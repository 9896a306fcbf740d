"""How far the signed heads are behind the log, and when that is too far to go on working.

What no head covers could be cut off unseen; so the work stops before that becomes much.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, Min, Sum
from django.utils import timezone

from archive import errors
from archive.models import AuditHead
from archive.services.log import heads

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Lag:
    """Events that no signed head covers, and since when there are any."""

    events: int
    since: datetime | None

    @property
    def due(self) -> bool:
        """Tell whether a head should have been signed by now."""
        return self.events >= _setting("AUDIT_HEAD_EVERY") or self._older_than(HOUR)

    @property
    def bearable(self) -> bool:
        """Tell whether work may go on: some heads may be late, not many."""
        hours = timedelta(hours=_setting("AUDIT_UNSIGNED_HOURS"))
        return self.events < _setting("AUDIT_UNSIGNED_EVENTS") and not self._older_than(hours)

    def _older_than(self, time: timedelta) -> bool:
        return self.since is not None and timezone.now() - self.since > time


def measured() -> Lag:
    behind = AuditHead.objects.filter(number__gt=F("signed"))
    return Lag(
        **behind.aggregate(
            events=Sum(F("number") - F("signed"), default=0), since=Min("unsigned_since")
        )
    )


def require_bearable() -> Lag:
    """Return the lag. Raises LogUnwritableError where it is too long and no head can be signed."""
    lag = measured()
    if lag.bearable:
        return lag
    if connection.in_atomic_block:  # nothing is signed that may still vanish
        raise errors.LogUnwritableError("heads")
    try:
        heads.sign_head()
    except heads.UNWRITABLE as fault:
        raise errors.LogUnwritableError("heads") from fault
    return measured()


def _setting(name: str) -> int:
    return int(str(settings.OVERA[name]))

"""Whether the log can be written: what a monitoring program asks."""

from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db.models import F

from archive.models import AuditHead
from archive.services.log import heads, lag, stamps


@dataclass(frozen=True)
class Health:
    """`chain`: "writable" | "unwritable"; `heads`: "signed" | "late" | "missing"."""

    chain: str
    heads: str
    unsigned: int  # events beyond the last signed head
    unstamped: int  # heads that wait for their time stamp, up to 100; they hold without

    @property
    def sound(self) -> bool:
        return self.chain == "writable" and self.heads == "signed"


def measured() -> Health:
    behind = lag.measured()
    state = "signed" if not behind.due else "late" if behind.bearable else "missing"
    chain = "writable" if _writable() else "unwritable"
    unstamped = stamps.behind(heads.heads_file()) if stamps.wanted() else 0
    return Health(chain, state, behind.events, unstamped)


def _writable() -> bool:
    """Try to move the heads of the streams, and leave them where they are."""
    try:
        with transaction.atomic():
            AuditHead.objects.update(number=F("number"))
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True

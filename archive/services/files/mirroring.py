"""The replica: every file that is on record lies there too, as soon as it can be reached."""

import logging
import time
from datetime import datetime

from django.utils import timezone

from archive import addresses
from archive.models import Blob, FixityFinding
from archive.services import audit
from archive.services.files import findings
from archive.services.files.findings import Where
from archive.store import places, sealed
from archive.store.errors import FileDamagedError, FileMissingError, PlaceError
from archive.store.place import Place

_AT_ONCE = 50

log = logging.getLogger(__name__)


def catch_up(seconds: float) -> int:
    """Carry to the replica what is not there yet, for so long at most; return how many files.

    A replica that does not answer keeps nobody waiting: what is missing there stays marked.
    """
    replica, until, carried = places.replica(), time.monotonic() + seconds, 0
    while replica and time.monotonic() < until and (some := _waiting()):
        try:
            for sha256 in some:
                carried += _carry(sha256, replica)
        except PlaceError as fault:
            log.warning("the replica of the archive's files cannot be reached: %s", fault)
            break
    return carried


def waiting() -> int:
    """Return how many files wait for the replica."""
    return Blob.objects.filter(mirrored_at=None, dropped_at=None).count()


def _waiting() -> list[str]:
    """Return some files that wait; those that are known to be broken wait for their repair."""
    broken = FixityFinding.objects.filter(where=Where.STORE, ended_at=None).values("name")
    rows = Blob.objects.filter(mirrored_at=None, dropped_at=None).exclude(sha256__in=broken)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])


def _carry(sha256: str, replica: Place) -> bool:
    now = timezone.now()
    try:
        sealed.copy(sha256, places.main(), replica)
    except (FileMissingError, FileDamagedError) as fault:
        _broken(sha256, fault, now)
        return False
    if not Blob.objects.filter(pk=sha256, dropped_at=None).update(mirrored_at=now):
        replica.delete(sealed.path(sha256))  # it was destroyed meanwhile
    return True


def _broken(sha256: str, fault: FileMissingError | FileDamagedError, now: datetime) -> None:
    with audit.transaction():
        if addresses.named([sha256]):
            findings.note(sha256, Where.STORE, findings.kind_of(fault), now)
        else:
            Blob.objects.filter(pk=sha256, dropped_at=None).delete()

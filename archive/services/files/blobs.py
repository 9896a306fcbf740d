"""Which files of the store stay: a file goes when the last row that names it is gone.

Whoever writes a row that names a file puts the file first, then says `keep` in the transaction of
the row. Whoever deletes rows says `drop` in the transaction of the deletion. Both lock the file's
`Blob`, so that of a filing and a destruction of the same bytes one comes after the other.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from archive import addresses as naming
from archive import store
from archive.models import Blob, Record
from archive.services import audit

_AT_ONCE = 100
_ABANDONED = timedelta(minutes=10)  # a destruction that was begun and not ended
_UNFINISHED = timedelta(days=1)  # a file that is still being written by then never will be

log = logging.getLogger(__name__)


def keep(addresses: Iterable[str]) -> None:
    """Let files stay, in the transaction whose rows name them. Raises store.FileMissingError.

    The error means that the bytes were destroyed since they were put: put them again.
    """
    wanted = _locked(addresses)
    Blob.objects.filter(sha256__in=wanted).exclude(dropped_at=None).update(dropped_at=None)
    for each in wanted:
        if not store.exists(each):
            raise store.FileMissingError(each)


def drop(addresses: Iterable[str], *, by: audit.Actor | None) -> None:
    """Let files go that no row names any more; those that one still names stay.

    Called inside of the audit.transaction() that deleted the rows. The bytes are destroyed when
    it is over; where that fails, the sweep goes on with it.
    """
    wanted = _locked(addresses)
    free = sorted(set(wanted) - naming.named(wanted))
    if not free:
        return
    Blob.objects.filter(sha256__in=free).update(dropped_at=timezone.now())
    audit.append("files.drop", subject="files", by=by, facts={"sha256": free})
    transaction.on_commit(partial(_destroy, free, by), robust=True)


def of_record(record: Record) -> set[str]:
    """Return every file that a record names: papers, scans and pictures, certificates, evidence."""
    files = record.files.values_list("sha256", flat=True)
    evidence = record.evidence.values_list("sha256", flat=True)
    pictures = record.files.exclude(origins=None).values_list("origins__picture", flat=True)
    certificates = record.certificates.values_list("sha256", flat=True)
    return {*files, *pictures, *certificates, *evidence}


def going(addresses: Iterable[str]) -> bool:
    """Tell whether some of these files were dropped and are still there."""
    return Blob.objects.filter(sha256__in=list(addresses)).exclude(dropped_at=None).exists()


def sweep(now: datetime) -> None:
    """Destroy what was dropped and is still there, and what a killed process was writing."""
    waiting = Blob.objects.filter(dropped_at__lt=now - _ABANDONED).values_list("pk", flat=True)
    while some := list(waiting.order_by("pk")[:_AT_ONCE]):
        if not _destroy(some, None):
            break
    store.tidy(before=now - _UNFINISHED)


def _locked(addresses: Iterable[str]) -> list[str]:
    """Lock the files, always in one order; return their addresses."""
    wanted = sorted(set(addresses))
    locked: list[str] = []
    while locked != wanted:  # one that was destroyed between the two statements is made again
        Blob.objects.bulk_create([Blob(sha256=each) for each in wanted], ignore_conflicts=True)
        rows = Blob.objects.filter(sha256__in=wanted).select_for_update().order_by("sha256")
        locked = [row.sha256 for row in rows]
    return locked


def _destroy(addresses: Sequence[str], by: audit.Actor | None) -> bool:
    """Destroy dropped files that nobody named again meanwhile; tell whether all went well."""
    for at in range(0, len(addresses), _AT_ONCE):
        try:
            _destroy_some(addresses[at : at + _AT_ONCE], by)
        except OSError as fault:
            log.warning("files of the archive could not be destroyed yet: %s", fault)
            return False
    return True


def _destroy_some(addresses: Sequence[str], by: audit.Actor | None) -> None:
    with audit.transaction():
        dropped = Blob.objects.filter(sha256__in=addresses).exclude(dropped_at=None)
        rows = list(dropped.select_for_update().order_by("sha256"))
        kept = naming.named(row.sha256 for row in rows)
        free = [row.sha256 for row in rows if row.sha256 not in kept]
        for each in free:
            store.delete(each)
        Blob.objects.filter(sha256__in=free).delete()
        Blob.objects.filter(sha256__in=kept).update(dropped_at=None)
        if free:
            audit.append("files.destroyed", subject="files", by=by, facts={"sha256": free})

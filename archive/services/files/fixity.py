"""Verifying every stored byte that a row names: in rounds, bit by bit, going on where it stopped.

A round goes through the columns that name files, then through what lies in the store. A worker
claims it, reads some files outside of any transaction, and writes down what it found together with
how far it came: whoever is killed has lost at most that bit.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from archive import addresses
from archive.addresses import ADDRESS
from archive.models import Blob, FixityFinding, FixityRound
from archive.services import audit
from archive.services.files import blobs, findings
from archive.services.files.findings import Ending, Kind, Where
from archive.store import places, sealed
from archive.store.errors import FileDamagedError, FileMissingError, PlaceError
from archive.store.place import Place

_AT_ONCE = 100  # files between two notes of how far it came
_LEASE = timedelta(minutes=5)
_UNNAMED = timedelta(days=1)  # whoever put a file has written its row by then

log = logging.getLogger(__name__)


@dataclass
class _Seen:
    """What one bit of a round saw."""

    whole: dict[str, set[str]] = field(default_factory=lambda: {each: set() for each in Where})
    broken: list[tuple[str, str, str]] = field(default_factory=list)  # address, where, kind
    restored: set[str] = field(default_factory=set)  # in the replica, from the store
    size: int = 0


def go_on(now: datetime, seconds: float) -> FixityRound | None:
    """Go on with the round that is open or due, for so long at most.

    Returns the round if it was this one's turn. Raises PlaceError where the store does not answer:
    then nothing is known of any file, and the round goes on later from the same place.
    """
    current = _claimed(now)
    if current is None:
        return None
    until = time.monotonic() + seconds
    try:
        while current.open and time.monotonic() < until:
            _named(current) if current.stage == FixityRound.Stage.NAMED else _lying(current)
    finally:
        FixityRound.objects.filter(pk=current.pk).update(claimed_until=None)
    return current


def begin(*, by: audit.Actor | None) -> FixityRound:
    """Begin a round, or return the one that is open."""
    with audit.transaction():
        current = FixityRound.objects.filter(open=True).first()
        if current is None:
            current = FixityRound.objects.create(started_at=timezone.now())
            audit.append("files.check_begun", subject="files", by=by)
    return current


def check(sha256: str, where: str) -> None:
    """Hold one file against its address. Raises FileMissingError, FileDamagedError."""
    place = places.main() if where == Where.STORE else places.replica()
    if place is None:
        raise FileMissingError(sha256)
    sealed.verify(place, sha256)


def _claimed(now: datetime) -> FixityRound | None:
    """Return the open round if no other worker is at it; begin one when it is time."""
    current = FixityRound.objects.filter(open=True).first()
    if current is None:
        if not _is_due(now):
            return None
        try:
            current = begin(by=None)
        except IntegrityError:  # another worker was faster
            return None
    free = FixityRound.objects.filter(pk=current.pk).exclude(claimed_until__gt=now)
    claimed = free.update(claimed_until=now + _LEASE)
    current.refresh_from_db()
    return current if claimed else None


def _is_due(now: datetime) -> bool:
    every = timedelta(days=int(str(settings.OVERA["FIXITY_DAYS"])))
    last = FixityRound.objects.first()
    return last is None or last.started_at <= now - every


def _named(current: FixityRound) -> None:
    """Check the next files of the column that the round has come to."""
    columns = {str(column): column for column in addresses.columns()}
    names = sorted(columns)
    column = columns.get(current.column) or columns[names[0]]
    rows = column.model._base_manager.exclude(**{column.field: ""}).order_by("pk")  # noqa: SLF001
    if current.after:
        rows = rows.filter(pk__gt=current.after)
    some = list(rows.values_list("pk", column.field)[:_AT_ONCE])
    seen = _look(_fresh(current, {address for _pk, address in some}))
    if some:
        _note(current, seen, column=str(column), after=str(some[-1][0]))
    elif (following := names.index(str(column)) + 1) < len(names):
        _note(current, seen, column=names[following], after="")
    else:
        _note(current, seen, stage=FixityRound.Stage.LYING, column="", after="")


def _fresh(current: FixityRound, named: set[str]) -> list[str]:
    """Leave out what is no address, and what this round has checked by another row.

    The others are known from here on: one whose row is gone afterwards was destroyed meanwhile.
    """
    asked = {each for each in named if ADDRESS.fullmatch(each)}
    Blob.objects.bulk_create([Blob(sha256=each) for each in sorted(asked)], ignore_conflicts=True)
    done = Blob.objects.filter(sha256__in=asked, checked_at__gte=current.started_at)
    return sorted(asked.difference(done.values_list("sha256", flat=True)))


def _look(asked: Sequence[str]) -> _Seen:
    seen, main, replica = _Seen(), places.main(), places.replica()
    for sha256 in asked:
        whole = _read(seen, sha256, Where.STORE, main)
        try:
            if replica and whole and not _read(seen, sha256, Where.REPLICA, replica):
                sealed.copy(sha256, main, replica)
                seen.restored.add(sha256)
        except PlaceError as fault:
            log.warning("the replica of the archive's files cannot be reached: %s", fault)
            replica = None  # the store is checked without it
    return seen


def _read(seen: _Seen, sha256: str, where: str, place: Place) -> bool:
    try:
        seen.size += sealed.verify(place, sha256)
    except (FileMissingError, FileDamagedError) as fault:
        seen.broken.append((sha256, where, findings.kind_of(fault)))
        return False
    seen.whole[where].add(sha256)
    return True


def _note(current: FixityRound, seen: _Seen, **come_to: str) -> None:
    """Write down what was seen and how far the round has come, both or neither."""
    now = timezone.now()
    with audit.transaction():
        checked = {*seen.whole[Where.STORE], *(each for each, _where, _kind in seen.broken)}
        kept = set(
            Blob.objects.filter(pk__in=checked, dropped_at=None).values_list("pk", flat=True)
        )
        named = addresses.named(kept.intersection(each for each, _where, _kind in seen.broken))
        for sha256, where, kind in seen.broken:
            if sha256 in named:
                _note_broken(seen, sha256, where, kind, now)
        _note_whole(seen, kept, now)
        for where, names in seen.whole.items():
            for finding in findings.opened(where, names).exclude(kind=Kind.EXTRA):
                findings.end(finding, Ending.WHOLE, now, by=None)
        _go_to(current, now, checked=len(checked), size=seen.size, **come_to)


def _note_broken(seen: _Seen, sha256: str, where: str, kind: str, now: datetime) -> None:
    new = where == Where.REPLICA and not Blob.objects.get(pk=sha256).mirrored_at
    if new and kind == Kind.MISSING:
        return  # it was never there: the replica has caught up by now
    finding = findings.note(sha256, where, kind, now)
    if sha256 in seen.restored and where == Where.REPLICA:
        findings.end(finding, Ending.REPAIRED, now, by=None)


def _note_whole(seen: _Seen, kept: set[str], now: datetime) -> None:
    Blob.objects.filter(sha256__in=kept).update(checked_at=now)
    there = seen.whole[Where.REPLICA] | seen.restored
    Blob.objects.filter(sha256__in=there & kept, mirrored_at=None).update(mirrored_at=now)
    if (replica := places.replica()) is not None:
        for sha256 in seen.restored - kept:
            replica.delete(sealed.path(sha256))


def _go_to(
    current: FixityRound, now: datetime, *, checked: int = 0, size: int = 0, **to: str
) -> None:
    current.checked += checked
    current.size += size
    current.claimed_until = now + _LEASE
    for name, value in to.items():
        setattr(current, name, value)
    current.save()


def _lying(current: FixityRound) -> None:
    """Look at the next files that lie in the store: those that nobody names are found too."""
    some = list(islice(sealed.lying(places.main(), current.after), _AT_ONCE))
    now = timezone.now()
    with audit.transaction():
        if not some:
            _end(current, now)
            return
        known = {each.name: sealed.address_of(each.name) for each in some}
        named = _known_by_rows(current, set(filter(None, known.values())))
        for each in some:
            name = known[each.name] or each.name
            if name not in named and each.written < now - _UNNAMED:
                _extra(name, now)
        for finding in findings.opened(Where.STORE, named).filter(kind=Kind.EXTRA):
            findings.end(finding, Ending.NAMED, now, by=None)
        _go_to(current, now, after=some[-1].name)


def _known_by_rows(current: FixityRound, asked: set[str]) -> set[str]:
    """Return which files rows name: those that this round came across, and newer ones."""
    met = Blob.objects.filter(pk__in=asked, checked_at__gte=current.started_at)
    known = set(met.values_list("pk", flat=True))
    return known | addresses.named(asked - known)


def _extra(name: str, now: datetime) -> None:
    """Note a file that no row names; destroy one that has been waiting long enough for a row.

    They are kept for a while: a database that was restored from a backup may not know them yet.
    """
    finding = findings.note(name, Where.STORE, Kind.EXTRA, now)
    kept = timedelta(days=int(str(settings.OVERA["UNNAMED_FILES_DAYS"])))
    if ADDRESS.fullmatch(name) and finding.found_at <= now - kept:
        blobs.drop([name], by=None)
        findings.end(finding, Ending.DESTROYED, now, by=None)


def _end(current: FixityRound, now: datetime) -> None:
    """End the round; what it did not come across any more has ended too."""
    unseen = FixityFinding.objects.filter(ended_at=None, seen_at__lt=current.started_at)
    for finding in unseen.iterator():
        ending = Ending.GONE if finding.kind == Kind.EXTRA else Ending.UNNAMED
        findings.end(finding, ending, now, by=None)
    current.open, current.ended_at = False, now
    current.save()
    standing = FixityFinding.objects.filter(ended_at=None)
    facts = {"files": current.checked, "bytes": current.size, "findings": standing.count()}
    audit.append("files.check_ended", subject="files", by=None, facts=facts)

"""Putting damaged and missing files back: from the replica, or from the folder of a backup."""

from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from archive import errors
from archive.models import Blob, FixityFinding
from archive.services import audit
from archive.services.files import findings
from archive.services.files.findings import Ending, Kind, Where
from archive.store import places, sealed
from archive.store.errors import FileDamagedError, FileMissingError
from archive.store.folder import Folder
from archive.store.place import Place


class NoSourceError(errors.ArchiveError):
    """There is no whole copy of the file where it was looked for."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def repair(finding: FixityFinding, *, by: audit.Actor | None) -> None:
    """Put a file back from the other of store and replica; one that is whole again needs nothing.

    Raises NoSourceError, and PlaceError where one of the two does not answer.
    """
    main, replica = places.main(), places.replica()
    if finding.where == Where.REPLICA:
        main, replica = replica or main, main
    _put_back(finding, replica, main, by)


def from_folder(folder: Path, *, by: audit.Actor | None) -> Iterator[tuple[FixityFinding, bool]]:
    """Put back what a backup of the store's folder has; yield each finding, and whether it had."""
    broken = FixityFinding.objects.filter(ended_at=None, where=Where.STORE).exclude(kind=Kind.EXTRA)
    for finding in broken.order_by("pk"):
        try:
            _put_back(finding, Folder(folder), places.main(), by)
        except NoSourceError:
            yield finding, False
        else:
            yield finding, True


def _put_back(
    finding: FixityFinding, source: Place | None, target: Place, by: audit.Actor | None
) -> None:
    if finding.kind == Kind.EXTRA or finding.ended_at:
        raise NoSourceError(finding.name)
    ending = Ending.WHOLE if _is_whole(target, finding.name) else _copied(finding, source, target)
    now = timezone.now()
    with audit.transaction():
        Blob.objects.filter(pk=finding.name).update(checked_at=now)
        findings.end(finding, ending, now, by=by)


def _copied(finding: FixityFinding, source: Place | None, target: Place) -> str:
    try:
        if source is None:
            raise NoSourceError(finding.name)
        sealed.copy(finding.name, source, target)
        sealed.verify(target, finding.name)
    except (FileMissingError, FileDamagedError) as fault:
        raise NoSourceError(finding.name) from fault
    return Ending.REPAIRED


def _is_whole(place: Place, sha256: str) -> bool:
    try:
        sealed.verify(place, sha256)
    except (FileMissingError, FileDamagedError):
        return False
    return True

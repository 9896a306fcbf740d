"""Exports that people order on a page: written by the worker, fetched, deleted after some days."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from archive import errors, queries
from archive.bag import folder as bags
from archive.bag import packed
from archive.models import Export, Record
from archive.queries import offices
from archive.services import audit
from archive.services.moving import events, exports
from archive.services.moving.selections import Selection

_State = Export.State
log = logging.getLogger(__name__)
_DONE = "done_at", "state", "fault", "records", "files", "size", "missing"


class NotReadyError(errors.ArchiveError):
    """There is no file to fetch: it is not written yet, could not be, or was deleted."""


class NotAllowedError(errors.ArchiveError):
    """The whole archive is taken by whoever sees the records of every office."""


@dataclass(frozen=True)
class Fetched:
    """A file on its way out; its name says when it was asked for, nothing of what is in it."""

    path: Path
    name: str


def visible_to(by: queries.Viewer) -> "QuerySet[Export]":
    """Return the exports of the viewer's office, or all for whoever keeps the archive."""
    return offices.visible(Export.objects.all(), by)


def order(selection: Selection, *, reason: str, by: queries.Viewer) -> Export:
    """Write down that somebody wants records out; the worker makes the file.

    Raises NotAllowedError, refusals.ReasonMissingError, SelectionError.
    """
    everywhere = offices.sees_all(by)
    if selection.everything and not everywhere:
        audit.refuse("archive.export", subject="archive", by=by, reason="not of every office")
        raise NotAllowedError
    with audit.transaction():
        count = exports.note(selection, queries.visible_to(by), reason=reason, by=by)
        return Export.objects.create(
            asked_by=by.get_username(),
            asked_by_name=str(by)[:200],
            reason=reason.strip()[:200],
            selection=selection.told(),
            office_code="" if everywhere else offices.code(by),
            records=count,
        )


def perform(export_id: str) -> None:
    """Make the file of an export, or go on with it; one that another worker makes is left to it."""
    folder = _folder() / export_id
    folder.mkdir(exist_ok=True)
    try:
        with bags.locked(folder):
            export = Export.objects.filter(pk=export_id, state=_State.WAITING).first()
            if export is not None:
                _make(export, folder / f"export-{export_id}")
    except bags.FolderTakenError:
        return


def fetch(export: Export, *, by: audit.Actor) -> Fetched:
    """Return the file and log who takes it. Raises NotReadyError."""
    path = _file(export)
    if export.state != _State.DONE or not path.exists():
        raise NotReadyError
    _log("archive.export_taken", export, by)
    return Fetched(path, f"overa-{timezone.localtime(export.asked_at):%Y-%m-%d-%H%M}.zip")


def delete(export: Export, *, by: audit.Actor | None) -> None:
    """Delete the file; that there was an export stays."""
    if export.state == _State.WAITING:
        raise NotReadyError
    with suppress(FileNotFoundError):
        shutil.rmtree(_file(export).parent)
    with audit.transaction():
        Export.objects.filter(pk=export.pk).update(state=_State.DELETED)
        _append("archive.export_deleted", export, by)


def due(now: datetime) -> Iterator[str]:
    """Delete what lies too long; yield what waits for a worker."""
    old = now - timedelta(days=int(str(settings.OVERA["EXPORTS_KEPT_DAYS"])))
    for export in Export.objects.filter(state__in=(_State.DONE, _State.FAILED), done_at__lt=old):
        try:
            delete(export, by=None)
        except OSError as fault:
            log.warning("an export could not be deleted yet: %s", fault)
    for export in Export.objects.filter(state=_State.WAITING).order_by("asked_at"):
        yield str(export.pk)


def _make(export: Export, bag: Path) -> None:
    try:
        bags.reopen(bag)  # it was finished, and not packed
        made = exports.write(Selection.read(export.selection), bag, _within(export))
        _pack(export, bag)
    except Exception as fault:  # whatever it is: nobody sees one that waits for ever
        _end(export, _State.FAILED, fault=type(fault).__name__)
        raise
    export.records, export.files, export.size = made.records, made.files, made.size
    export.missing = len(made.missing)
    _end(export, _State.DONE)


def _within(export: Export) -> "QuerySet[Record]":
    if not export.office_code:
        return Record.objects.all()
    return Record.objects.filter(office_code=export.office_code)


def _pack(export: Export, bag: Path) -> None:
    """Make the bag one file; what is packed is not kept twice."""
    draft = _file(export).with_suffix(".part")
    with draft.open("wb") as out:
        packed.pack(bag, out, timezone.now())
    draft.replace(_file(export))
    shutil.rmtree(bag)


def _end(export: Export, state: str, *, fault: str = "") -> None:
    export.state, export.fault, export.done_at = state, fault, timezone.now()
    with audit.transaction():
        export.save(update_fields=_DONE)
        _append(f"archive.export_{state}", export, None)


def _log(event: str, export: Export, by: audit.Actor | None) -> None:
    with audit.transaction():
        _append(event, export, by)


def _append(event: str, export: Export, by: audit.Actor | None) -> None:
    facts = {"export": str(export.pk), "records": export.records, "files": export.files}
    audit.append(event, subject="archive", by=by, stream=events.STREAM, facts=facts)


def _file(export: Export) -> Path:
    return _folder() / str(export.pk) / "export.zip"


def _folder() -> Path:
    folder = Path(str(settings.OVERA["EXPORTS"]))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder

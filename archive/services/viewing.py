"""Looking into a record: every look is logged, whom it is refused to is logged too."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.utils.text import slugify

from archive import errors, pictures, queries, store
from archive.models import Record, RecordFile
from archive.services import audit, refusals


class RecordHiddenError(errors.ArchiveError):
    """There is no such record for this viewer; it may be another office's."""


class ForeignRecordError(RecordHiddenError):
    """It is another office's; that somebody tried is in the log already."""


Part = tuple[int, int]  # from this byte to before that one
Wanted = Callable[[int], Part | None]


@dataclass(frozen=True)
class Download:
    """A file on its way out of the archive."""

    name: str  # of the file: numbers and kinds, nobody's name
    media_type: str
    opened: store.Opened
    part: Part | None = None  # all of it


def note_search(
    query: queries.SearchQuery, *, by: queries.Viewer, turn: queries.Turn | None = None
) -> None:
    """Log that somebody searched, or turned to further hits (`turn`).

    What was typed may name a person and is sealed.
    """
    typed = {name: str(value) for name, value in vars(query).items() if value}
    facts = {"what": "search", "fields": sorted(typed)}
    facts |= {name: record for name, record in asdict(turn or queries.Turn()).items() if record}
    audit.view("archive", by=by, facts=facts, private=typed)


def note_latest(*, by: queries.Viewer) -> None:
    """Log that somebody saw whose records came in last."""
    audit.view("archive", by=by, facts={"what": "latest"})


def note_export(query: queries.SearchQuery, form: str, *, by: queries.Viewer) -> int:
    """Log that a list of records leaves the archive, before its first row does; return how many."""
    typed = {name: str(value) for name, value in vars(query).items() if value}
    records = queries.count(query, viewer=by)
    audit.view(
        "archive",
        by=by,
        facts={"what": "export", "format": form, "records": records, "fields": sorted(typed)},
        private=typed,
    )
    return records


def open_record(number: int, *, by: queries.Viewer) -> Record:
    """Return a record and log the view. Raises RecordHiddenError."""
    record = _find(number, by)
    audit.view(record, by=by, facts={"what": "record"})
    return record


def reveal(number: int, *, by: queries.Viewer, reason: str) -> Record:
    """Return a record whose JMBG and document number will be shown, for a reason that is logged.

    Raises refusals.ReasonMissingError, RecordHiddenError.
    """
    if not reason.strip():
        raise refusals.ReasonMissingError
    record = _find(number, by)
    audit.view(record, by=by, reason=reason.strip(), facts={"what": "identifiers"})
    return record


def paper(number: int, file: int, *, by: queries.Viewer) -> RecordFile:
    """Return a paper of a record without its bytes. Raises RecordHiddenError."""
    found = _find(number, by).files.filter(pk=file).select_related("record").first()
    if found is None:
        raise RecordHiddenError
    return found


def download(number: int, file: int, wanted: Wanted, *, by: queries.Viewer) -> Download:
    """Return a paper, or the part that `wanted` makes of its size, and log who took it.

    Raises RecordHiddenError, StoreError.
    """
    taken = paper(number, file, by=by)
    opened = store.opened(taken.sha256)
    part = wanted(opened.size)
    _log(taken.record, taken.sha256, by, **({"bytes": list(part)} if part else {}))
    return Download(_name(taken.record, taken), taken.media_type, opened, part)


def page(number: int, file: int, page: int, *, by: queries.Viewer) -> bytes:
    """Return a page of a paper (from 1) as JPEG and log who looked at it.

    Raises RecordHiddenError, StoreError, UnshowableError.
    """
    shown = paper(number, file, by=by)
    picture = pictures.page(store.opened(shown.sha256), page)
    _log(shown.record, shown.sha256, by, page=page)
    return picture


def download_certificate(number: int, certificate: int, *, by: queries.Viewer) -> Download:
    """Return a certificate (DER), which holds the JMBG, and log who took it."""
    record = _find(number, by)
    wanted = record.certificates.filter(pk=certificate).first()
    if wanted is None:
        raise RecordHiddenError
    opened = store.opened(wanted.sha256)
    _log(record, wanted.sha256, by)
    name = f"{slugify(record.file_number)}-{wanted.role}.cer"
    return Download(name, "application/pkix-cert", opened)


def _find(number: int, by: queries.Viewer) -> Record:
    record = queries.visible_to(by).filter(pk=number).first()
    if record is None:
        hidden = Record.objects.filter(pk=number).first()
        if hidden:
            audit.refuse("record.view", subject=hidden, by=by, reason="another office's record")
            raise ForeignRecordError
        raise RecordHiddenError
    return record


def _log(record: Record, sha256: str, by: queries.Viewer, **which: object) -> None:
    facts = {"what": "file", "sha256": sha256, **which}
    audit.view(record, by=by, facts=facts)


def _name(record: Record, paper: RecordFile) -> str:
    suffix = "pdf" if paper.media_type == "application/pdf" else "bin"
    edition = f"-{paper.edition}" if paper.sealed else ""
    return f"{slugify(record.file_number)}-{paper.kind}-{paper.copy}{edition}.{suffix}"

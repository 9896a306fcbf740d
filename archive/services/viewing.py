"""Looking into a record: every look is logged, whom it is refused to is logged too."""

from dataclasses import dataclass

from django.utils.text import slugify

from archive import errors, queries, store
from archive.models import Record, RecordFile
from archive.services import audit


class RecordHiddenError(errors.ArchiveError):
    """There is no such record for this viewer; it may be another office's."""


class ReasonMissingError(errors.ArchiveError):
    """Personal data is shown in full only to somebody who says why."""


@dataclass(frozen=True)
class Download:
    """A file on its way out of the archive."""

    name: str  # of the file: numbers and kinds, nobody's name
    media_type: str
    data: bytes


def note_search(query: queries.SearchQuery, *, by: queries.Viewer) -> None:
    """Log that somebody searched; what was typed may name a person and is sealed."""
    typed = {name: str(value) for name, value in vars(query).items() if value}
    audit.view(
        "archive",
        by=by,
        office=_office(by),
        facts={"what": "search", "fields": sorted(typed)},
        private=typed,
    )


def note_export(query: queries.SearchQuery, form: str, *, by: queries.Viewer) -> int:
    """Log that a list of records leaves the archive, before its first row does; return how many."""
    typed = {name: str(value) for name, value in vars(query).items() if value}
    records = queries.count(query, viewer=by)
    audit.view(
        "archive",
        by=by,
        office=_office(by),
        facts={"what": "export", "format": form, "records": records, "fields": sorted(typed)},
        private=typed,
    )
    return records


def open_record(number: int, *, by: queries.Viewer) -> Record:
    """Return a record and log the view. Raises RecordHiddenError."""
    record = _find(number, by)
    audit.view(record, by=by, office=_office(by), facts={"what": "record"})
    return record


def reveal(number: int, *, by: queries.Viewer, reason: str) -> Record:
    """Return a record whose JMBG and document number will be shown, for a reason that is logged."""
    if not reason.strip():
        raise ReasonMissingError
    record = _find(number, by)
    audit.view(
        record, by=by, office=_office(by), reason=reason.strip(), facts={"what": "identifiers"}
    )
    return record


def download(number: int, file: int, *, by: queries.Viewer) -> Download:
    """Return a paper's bytes and log who took them. Raises RecordHiddenError, StoreError."""
    record = _find(number, by)
    paper = record.files.filter(pk=file).first()
    if paper is None:
        raise RecordHiddenError
    data = store.get(paper.sha256)
    _log(record, paper.sha256, by)
    return Download(_name(record, paper), paper.media_type, data)


def download_certificate(number: int, certificate: int, *, by: queries.Viewer) -> Download:
    """Return a certificate (DER), which holds the JMBG, and log who took it."""
    record = _find(number, by)
    wanted = record.certificates.filter(pk=certificate).first()
    if wanted is None:
        raise RecordHiddenError
    data = store.get(wanted.sha256)
    _log(record, wanted.sha256, by)
    name = f"{slugify(record.file_number)}-{wanted.role}.cer"
    return Download(name, "application/pkix-cert", data)


def _find(number: int, by: queries.Viewer) -> Record:
    record = queries.visible_to(by).filter(pk=number).first()
    if record is None:
        hidden = Record.objects.filter(pk=number).first()
        if hidden:
            audit.refuse("record.view", subject=hidden, by=by, reason="another office's record")
        raise RecordHiddenError
    return record


def _log(record: Record, sha256: str, by: queries.Viewer) -> None:
    facts = {"what": "file", "sha256": sha256}
    audit.view(record, by=by, office=_office(by), facts=facts)


def _office(by: queries.Viewer) -> object:
    return getattr(by, "office", None)


def _name(record: Record, paper: RecordFile) -> str:
    suffix = "pdf" if paper.media_type == "application/pdf" else "bin"
    edition = f"-{paper.edition}" if paper.sealed else ""
    return f"{slugify(record.file_number)}-{paper.kind}-{paper.copy}{edition}.{suffix}"

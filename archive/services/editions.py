"""Further editions of a record's papers: they come after the record and lie beside them."""

from typing import Any

from archive import store
from archive.models import Record, RecordFile
from archive.services.files import blobs
from archive.services.records import FilingError


def locked(reference: str, sha256: str) -> Record:
    """Return the record, locked, for a file of the store; raise FilingError where there is none."""
    try:
        blobs.keep([sha256])
    except store.FileMissingError as fault:
        raise FilingError(reference, "the file is not in the store", missing=sha256) from fault
    return Record.objects.select_for_update(no_key=True).get(reference=reference)


def printed(record: Record, kind: str, copy: int, original: str) -> RecordFile:
    """Return the paper as it was printed; raise FilingError where the record has another."""
    edition = RecordFile.Edition.PRINTED
    paper = record.files.filter(kind=kind, copy=copy, edition=edition).first()
    if paper is None or paper.sha256 != original:
        raise FilingError(record.reference, "the record has no such paper", paper=original)
    return paper


def beside(paper: RecordFile, edition: RecordFile.Edition, **facts: Any) -> RecordFile:
    """Give the paper's place and title to another edition of it, which the office keeps."""
    return RecordFile.objects.create(
        record=paper.record,
        position=paper.position,
        kind=paper.kind,
        copy=paper.copy,
        title=paper.title,
        media_type=paper.media_type,
        retained=True,
        edition=edition,
        **facts,
    )

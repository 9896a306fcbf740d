"""The sealed editions of a record's papers: they come after the record and lie beside them."""

from archive import store
from archive.filing import FiledSeal
from archive.models import Record, RecordFile
from archive.services import audit
from archive.services.records import FilingError

_PRINTED, _SEALED = RecordFile.Edition.PRINTED, RecordFile.Edition.SEALED


def keep(reference: str, seal: FiledSeal, *, by: audit.Actor | None) -> RecordFile:
    """Lay the sealed edition of a paper into its record; the first that comes stays.

    Raises FilingError where the record has no such paper or the bytes are not in the store.
    """
    if not store.exists(seal.sha256):
        raise FilingError(reference, "the sealed file is not in the store", missing=seal.sha256)
    with audit.transaction():
        record = Record.objects.select_for_update(no_key=True).get(reference=reference)
        known = record.files.filter(kind=seal.kind, copy=seal.copy, edition=_SEALED).first()
        if known:
            return known
        kept = _laid_beside(_paper(record, seal), seal)
        audit.append(
            "record.paper_sealed",
            subject=record.file_number,
            by=by,
            facts={"paper": [seal.kind, seal.copy, seal.original], "sealed": seal.sha256}
            | {"level": seal.level, "sealed_at": seal.sealed_at.isoformat()},
        )
    return kept


def _paper(record: Record, seal: FiledSeal) -> RecordFile:
    printed = record.files.filter(kind=seal.kind, copy=seal.copy, edition=_PRINTED).first()
    if printed is None or printed.sha256 != seal.original:
        raise FilingError(record.reference, "the record has no such paper", paper=seal.original)
    return printed


def _laid_beside(paper: RecordFile, seal: FiledSeal) -> RecordFile:
    """Give the paper's place and title to its sealed edition, which the office keeps."""
    return RecordFile.objects.create(
        record=paper.record,
        position=paper.position,
        kind=paper.kind,
        copy=paper.copy,
        title=paper.title,
        sha256=seal.sha256,
        size=seal.size,
        pages=paper.pages,
        media_type=paper.media_type,
        retained=True,
        edition=_SEALED,
        sealed_by=seal.sealed_by[:200],
        sealed_at=seal.sealed_at,
        seal_level=seal.level,
    )

"""The sealed editions of a record's papers: each begins with the bytes of the printed one."""

from archive.filing import FiledSeal
from archive.models import RecordFile
from archive.services import audit, editions

_SEALED = RecordFile.Edition.SEALED


def keep(reference: str, seal: FiledSeal, *, by: audit.Actor | None) -> RecordFile:
    """Lay the sealed edition of a paper into its record; the first that comes stays.

    Raises FilingError where the record has no such paper or the bytes are not in the store.
    """
    with audit.transaction():
        record = editions.locked(reference, seal.sha256)
        known = record.files.filter(kind=seal.kind, copy=seal.copy, edition=_SEALED).first()
        if known:
            return known
        paper = editions.printed(record, seal.kind, seal.copy, seal.original)
        kept = editions.beside(
            paper,
            _SEALED,
            sha256=seal.sha256,
            size=seal.size,
            pages=paper.pages,
            sealed_by=seal.sealed_by[:200],
            sealed_at=seal.sealed_at,
            seal_level=seal.level,
        )
        audit.append(
            "record.paper_sealed",
            subject=record.file_number,
            by=by,
            facts={"paper": [seal.kind, seal.copy, seal.original], "sealed": seal.sha256}
            | {"level": seal.level, "sealed_at": seal.sealed_at.isoformat()},
        )
    return kept

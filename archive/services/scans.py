"""The scanned editions of a record's papers: as they were signed, searchable."""

from archive.filing import FiledScan
from archive.models import RecordFile
from archive.services import audit, editions

_SCANNED = RecordFile.Edition.SCANNED


def keep(reference: str, scan: FiledScan, *, by: audit.Actor | None) -> RecordFile:
    """Lay the scan of a paper into its record; one with more pages takes the place of an earlier.

    Raises FilingError where the record has no such paper or the bytes are not in the store.
    """
    with audit.transaction():
        record = editions.locked(reference, scan.sha256)
        paper = editions.printed(record, scan.kind, scan.copy, scan.original)
        known = record.files.filter(kind=scan.kind, copy=scan.copy, edition=_SCANNED).first()
        if known and known.sha256 == scan.sha256:
            return known
        if known:
            known.delete()
        kept = editions.beside(
            paper,
            _SCANNED,
            sha256=scan.sha256,
            size=scan.size,
            pages=scan.pages,
            origins=list(scan.origins),
        )
        facts = {"paper": [scan.kind, scan.copy, scan.original], "scan": scan.sha256}
        audit.append("record.paper_scanned", subject=record.file_number, by=by, facts=facts)
    return kept

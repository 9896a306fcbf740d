"""The scanned editions of a record's papers: as they were signed, searchable."""

from archive.filing import FiledScan
from archive.models import RecordFile, RecordOrigin
from archive.services import audit, editions
from archive.services.files import blobs

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
        before = _files(known) if known else set()
        if known:
            known.delete()
        kept = editions.beside(
            paper,
            _SCANNED,
            sha256=scan.sha256,
            size=scan.size,
            pages=scan.pages,
        )
        blobs.keep({scan.sha256, *(origin["picture"] for origin in scan.origins)})
        RecordOrigin.objects.bulk_create(RecordOrigin(file=kept, **each) for each in scan.origins)
        blobs.drop(before, by=by)
        facts = {"paper": [scan.kind, scan.copy, scan.original], "scan": scan.sha256}
        audit.append("record.paper_scanned", subject=record.file_number, by=by, facts=facts)
    return kept


def _files(scan: RecordFile) -> set[str]:
    return {scan.sha256, *scan.origins.values_list("picture", flat=True)}

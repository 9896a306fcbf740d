"""The evidence of a record: laid in by the counter, given back file by file for a bundle."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from archive import chain, store
from archive.filing import FiledEvidence
from archive.models import Record, RecordEvidence
from archive.services import audit
from archive.services.files import blobs
from archive.services.records import FilingError


def keep(
    reference: str,
    files: Iterable[FiledEvidence],
    stated: Mapping[str, Any],
    *,
    by: audit.Actor | None,
) -> None:
    """Lay evidence and what the person stated into a record; what it has already stays.

    One that was destroyed takes nothing more.
    Raises FilingError where another file has the same path, store.FileMissingError.
    """
    with audit.transaction():
        record = Record.objects.select_for_update(no_key=True).get(reference=reference)
        if record.destroyed:
            return
        if stated and not record.stated:
            record.stated = dict(stated)
            record.save(update_fields=["stated"])
        new = list(_new(record, files))
        blobs.keep(each.sha256 for each in new)
        RecordEvidence.objects.bulk_create(new)
        if new:
            facts = {"files": len(new), "manifest": _manifest(new)}
            audit.append("record.evidence_kept", subject=record.file_number, by=by, facts=facts)


def files(record: Record, certificate: str) -> dict[str, bytes]:
    """Return the evidence of a certificate by path; raise StoreError where a file is damaged."""
    kept = record.evidence.filter(certificate=certificate)
    return {path: store.get(sha256) for path, sha256 in kept.values_list("path", "sha256")}


def read(record: Record, certificate: str, path: str) -> bytes:
    """Return one file; raise StoreError, or RecordEvidence.DoesNotExist where it is not kept."""
    return store.get(record.evidence.get(certificate=certificate, path=path).sha256)


def _new(record: Record, wanted: Iterable[FiledEvidence]) -> Iterable[RecordEvidence]:
    known = {(each.certificate, each.path): each.sha256 for each in record.evidence.all()}
    for each in wanted:
        there = known.get((each.certificate, each.path))
        if there not in (None, each.sha256):
            raise FilingError(record.reference, "other evidence has this path", path=each.path)
        if there is None:
            yield RecordEvidence(record=record, **vars(each))


def _manifest(new: Iterable[RecordEvidence]) -> str:
    """Return one hash over all of them: the chain then vouches for each."""
    listed = sorted([each.certificate, each.path, each.sha256] for each in new)
    return hashlib.sha256(chain.canonical(listed)).hexdigest()

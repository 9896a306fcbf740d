"""Telling a record by which certificate one of its own was renewed."""

from datetime import datetime

from archive.models import Record, RecordEvent
from archive.services import audit
from archive.services.keeping import terms
from archive.services.records import FilingError


def note(
    record: Record, serial: str, renewed_by: str, at: datetime, *, by: audit.Actor | None
) -> None:
    """Name the successor of a certificate; both may be valid for a while.

    Raises FilingError for another's `serial`.
    """
    with audit.transaction():
        if not record.certificates.filter(serial=serial).update(renewed_by=renewed_by):
            raise FilingError(record.reference, "the record has no such certificate", serial=serial)
        RecordEvent.objects.create(
            record=record,
            at=at,
            kind=RecordEvent.Kind.CERTIFICATE_RENEWED,
            text=renewed_by,
            actor=str(by) if by else audit.SYSTEM,
            note=serial,
        )
        facts = {"serial": serial, "renewed_by": renewed_by, "at": at.isoformat()}
        audit.append("record.certificate_renewed", subject=record.file_number, by=by, facts=facts)
        reason = terms.sentence_of_renewal(serial, renewed_by)
        terms.recount(terms.locked([serial]), terms.News(reason, by))

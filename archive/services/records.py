"""Filing a case, and telling its record what happened later."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from archive import errors, store, vault
from archive.filing import Filing, moment
from archive.models import (
    Category,
    CertificateConcerned,
    Record,
    RecordCertificate,
    RecordEvent,
    RecordFile,
)
from archive.queries import keeping
from archive.search import alphabet, index
from archive.services import audit
from archive.services.files import blobs
from archive.services.keeping import book, endings, terms
from archive.services.paper import custody


class FilingError(errors.ArchiveError):
    """A case cannot be filed as it was handed over."""

    def __init__(self, reference: str, reason: str, **facts: Any) -> None:
        super().__init__(f"{reference}: {reason}")
        self.reference = reference
        self.reason = reason
        self.facts = facts


def file(filing: Filing, *, by: audit.Actor) -> Record:
    """Turn a case into a record; filing the same reference again returns the same record.

    Files come before rows: papers must lie in the store, certificates are put there.
    Raises FilingError.
    """
    for each in filing.certificates:
        store.put(each.der)
    with audit.transaction():
        known = Record.objects.filter(reference=filing.reference).first()
        if known:
            return _same(known, filing)
        _check_numbers(filing)
        _keep_files(filing)
        terms.locked({each.renews for each in filing.certificates if each.renews})
        record = Record.objects.create(**_columns(filing, by), **_kept(filing))
        RecordCertificate.objects.bulk_create(_certificates(record, filing))
        CertificateConcerned.objects.bulk_create(_concerned(record, filing))
        RecordFile.objects.bulk_create(_files(record, filing))
        RecordEvent.objects.bulk_create(_events(record, filing, by))
        custody.begin(record, filing)
        index.write(record.entry())
        audit.append(
            "record.filed",
            subject=record.file_number,
            by=by,
            facts=_filed(record, filing),
            private={"surname": filing.surname, "given_name": filing.given_name}
            | {"jmbg": filing.jmbg, "document_number": filing.document_number},
        )
        _recount_renewed(record, filing, by)
    return record


def certificate_ended(
    record: Record, serial: str, at: datetime, reason: str, *, by: audit.Actor | None
) -> None:
    """Note that a certificate ended (revoked, replaced, …) and count the years of keeping anew.

    Telling the same news twice changes nothing. Raises FilingError for another's `serial`.
    """
    ended = record.certificates.filter(serial=serial).first()
    if ended is None:
        raise FilingError(record.reference, "the record has no such certificate", serial=serial)
    endings.tell(ended, at, reason, by=by)
    record.refresh_from_db()


def certificate_published(
    record: Record, serial: str, state: str, known_at: datetime | None
) -> None:
    """Keep what the certification body publishes about a certificate, and of which moment."""
    named = RecordCertificate.objects.filter(record=record, serial=serial)
    named.update(published=state, published_at=known_at)


def certificate_paused(
    record: Record, serial: str, at: datetime, reason: str, *, by: audit.Actor | None
) -> None:
    """Note that a certificate was suspended or reactivated: it may still be valid to its end.

    Raises FilingError for another's `serial`.
    """
    if not record.certificates.filter(serial=serial).exists():
        raise FilingError(record.reference, "the record has no such certificate", serial=serial)
    with audit.transaction():
        RecordEvent.objects.create(
            record=record,
            at=at,
            kind=RecordEvent.Kind.CERTIFICATE_PAUSED,
            text=reason,
            actor=str(by) if by else audit.SYSTEM,
            note=serial,
        )
        facts = {"serial": serial, "at": at.isoformat(), "reason": reason}
        audit.append("record.certificate_paused", subject=record.file_number, by=by, facts=facts)


def _keep_files(filing: Filing) -> None:
    try:
        blobs.keep(
            [each.sha256 for each in filing.papers] + [each.sha256 for each in filing.certificates]
        )
    except store.FileMissingError as fault:
        reason = "a paper is not in the store"
        raise FilingError(filing.reference, reason, missing=[fault.sha256]) from fault


def _check_numbers(filing: Filing) -> None:
    taken = Q(case_number=filing.case_number) | Q(file_number=filing.file_number)
    for each in filing.certificates:
        taken |= Q(certificates__issuer=each.issuer, certificates__serial=each.serial)
    other = Record.objects.filter(taken).first()
    if other:
        raise FilingError(
            filing.reference, "its number or a certificate is another record's", record=str(other)
        )


def _same(known: Record, filing: Filing) -> Record:
    if known.file_number != filing.file_number:
        raise FilingError(
            filing.reference, "it is filed under another number", file_number=known.file_number
        )
    if known.jmbg != filing.jmbg or known.decided_on != filing.decided_on:
        raise FilingError(filing.reference, "another case is filed under it")
    return known


def _columns(filing: Filing, by: audit.Actor) -> dict[str, Any]:
    now = timezone.now()
    return {
        "reference": filing.reference,
        "case_number": filing.case_number,
        "file_number": filing.file_number,
        "kind": filing.kind,
        "state": filing.state,
        "office_code": filing.office_code,
        "office_name": filing.office_name,
        "officer": filing.officer,
        "decided_on": filing.decided_on,
        "filed_at": now,
        "filed_on": timezone.localdate(now),
        "filed_by": by.get_username(),
        "surname": filing.surname,
        "given_name": filing.given_name,
        "sort_key": alphabet.sort_key(f"{filing.surname} {filing.given_name}"),
        "jmbg": filing.jmbg,
        "jmbg_token": vault.token("jmbg", filing.jmbg),
        "document_number": filing.document_number,
        "document_token": vault.token("document", filing.document_number),
        "email": filing.email,
        "signatures": list(filing.signatures),
    }


def _kept(filing: Filing) -> dict[str, Any]:
    """Return the category of today's list, the entry of the book, and the term."""
    category = _category(filing)
    term = terms.at_filing(filing, category)
    return {
        "category": category,
        "book_entry": book.open_entry(filing, category),
        "retention_years": term.years,
        "retention_anchor": term.anchor,
        "retention_event": term.event,
        "retained_until": term.until,
    }


def _category(filing: Filing) -> Category:
    named = keeping.list_on(timezone.localdate())
    found = keeping.category_of(named, filing.kind, filing.state) if named else None
    if found is None:
        raise FilingError(
            filing.reference,
            "the list of categories has no place for it",
            kind=filing.kind,
            outcome=filing.state,
        )
    return found


def _recount_renewed(record: Record, filing: Filing, by: audit.Actor) -> None:
    """Count the years of what its certificates renew anew: a chain is kept as one."""
    for each in filing.certificates:
        if each.renews:
            reason = terms.sentence_of_renewal(each.renews, each.serial)
            terms.recount(terms.locked([each.serial]), terms.News(reason, by))
    record.refresh_from_db()


def _concerned(record: Record, filing: Filing) -> list[CertificateConcerned]:
    return [
        CertificateConcerned(
            record=record,
            serial=each.serial,
            issuer=each.issuer,
            valid_until=each.valid_until,
            ended_at=each.ended,
        )
        for each in filing.about
        if each.serial
    ]


def _certificates(record: Record, filing: Filing) -> list[RecordCertificate]:
    return [
        RecordCertificate(
            record=record,
            role=each.role,
            serial=each.serial,
            issuer=each.issuer,
            valid_from=each.valid_from,
            valid_until=each.valid_until,
            sha256=each.sha256,
            renews=each.renews,
        )
        for each in filing.certificates
    ]


def _files(record: Record, filing: Filing) -> list[RecordFile]:
    return [
        RecordFile(record=record, position=position, **vars(paper))
        for position, paper in enumerate(filing.papers)
    ]


def _events(record: Record, filing: Filing, by: audit.Actor) -> list[RecordEvent]:
    kinds = RecordEvent.Kind
    case = [
        RecordEvent(
            at=moment(one["at"]),
            kind=kinds.CASE,
            text=one["event"],
            actor=one["actor"],
            note=one["note"],
        )
        for one in filing.events
    ]
    filed = RecordEvent(
        at=record.filed_at, kind=kinds.FILED, text=record.file_number, actor=str(by)
    )
    events = [*case, filed]
    for event in events:
        event.record = record
    return events


def _filed(record: Record, filing: Filing) -> dict[str, Any]:
    """Return what the chain says in clear: numbers and hashes, nobody's data."""
    return {
        "case_number": record.case_number,
        "office": record.office_code,
        "state": record.state,
        "certificates": [[each.role, each.serial, each.sha256] for each in filing.certificates],
        "papers": [[paper.kind, paper.copy, paper.sha256] for paper in filing.papers],
        "kept_until": terms.written(record.retained_until),
        "category": record.category.mark if record.category else "",
    }

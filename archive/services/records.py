"""Filing a case, and telling its record what happened later."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from archive import errors, retention, store, vault
from archive.filing import CertificateFacts, Filing
from archive.models import Record, RecordEvent, RecordFile
from archive.search import alphabet, index
from archive.services import audit


class FilingError(errors.ArchiveError):
    """A case cannot be filed as it was handed over."""

    def __init__(self, reference: str, reason: str, **facts: Any) -> None:
        super().__init__(f"{reference}: {reason}")
        self.reference = reference
        self.reason = reason
        self.facts = facts


def file(filing: Filing, *, by: audit.Actor) -> Record:
    """Turn a case into a record; filing the same reference again returns the same record.

    Files come before rows: papers must lie in the store, the certificate is put there.
    Raises FilingError.
    """
    _check_papers(filing)
    if filing.certificate:
        store.put(filing.certificate.der)
    with audit.transaction():
        known = Record.objects.filter(reference=filing.reference).first()
        if known:
            return _same(known, filing)
        _check_numbers(filing)
        record = Record.objects.create(**_columns(filing, by), **_certificate(filing.certificate))
        RecordFile.objects.bulk_create(_files(record, filing))
        RecordEvent.objects.bulk_create(_events(record, filing, by))
        index.write(record.pk, record.words())
        audit.append(
            "record.filed",
            subject=record.file_number,
            by=by,
            facts=_filed(record, filing),
            private={"surname": filing.surname, "given_name": filing.given_name}
            | {"jmbg": filing.jmbg, "document_number": filing.document_number},
        )
    return record


def certificate_ended(record: Record, at: datetime, reason: str, *, by: audit.Actor | None) -> None:
    """Note that the certificate ended (revoked, replaced, …) and count its years of keeping anew.

    Telling the same news twice changes nothing.
    """
    with audit.transaction():
        row = Record.objects.select_for_update(no_key=True).get(pk=record.pk)
        if row.valid_until is None:
            raise FilingError(row.reference, "the record has no certificate that could end")
        if (row.ended_at, row.ended_reason) == (at, reason):
            return
        before = row.retained_until
        term = retention.after_certificate(row.valid_until, at, row.retention_years)
        row.ended_at, row.ended_reason = at, reason
        row.retention_anchor, row.retention_event = term.anchor, term.event
        row.retained_until = term.until
        row.save()
        _note_end(row, by, f"{before.isoformat()} → {term.until.isoformat()}")
        audit.append(
            "record.certificate_ended",
            subject=row.file_number,
            by=by,
            facts={"at": at.isoformat(), "reason": reason, "anchor": term.anchor}
            | {"kept_until": term.until.isoformat(), "before": before.isoformat()},
        )
    record.refresh_from_db()


def _note_end(record: Record, by: audit.Actor | None, change: str) -> None:
    actor = str(by) if by else audit.SYSTEM
    kinds, now = RecordEvent.Kind, timezone.now()
    RecordEvent.objects.create(
        record=record,
        at=record.ended_at or now,
        kind=kinds.CERTIFICATE_ENDED,
        text=record.ended_reason,
        actor=actor,
    )
    RecordEvent.objects.create(
        record=record,
        at=now,
        kind=kinds.RETENTION,
        text=record.ended_reason,
        actor=actor,
        note=change,
    )


def _check_papers(filing: Filing) -> None:
    missing = [paper.sha256 for paper in filing.papers if not store.exists(paper.sha256)]
    if missing:
        raise FilingError(filing.reference, "papers are not in the store", missing=missing)


def _check_numbers(filing: Filing) -> None:
    taken = Q(case_number=filing.case_number) | Q(file_number=filing.file_number)
    if filing.certificate:
        taken |= Q(issuer=filing.certificate.issuer, serial=filing.certificate.serial)
    other = Record.objects.filter(taken).first()
    if other:
        raise FilingError(
            filing.reference, "its number or certificate is another record's", record=str(other)
        )


def _same(known: Record, filing: Filing) -> Record:
    if known.file_number != filing.file_number:
        raise FilingError(
            filing.reference, "it is filed under another number", file_number=known.file_number
        )
    return known


def _columns(filing: Filing, by: audit.Actor) -> dict[str, Any]:
    now = timezone.now()
    term = _term(filing)
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
        "retention_years": term.years,
        "retention_anchor": term.anchor,
        "retention_event": term.event,
        "retained_until": term.until,
    }


def _term(filing: Filing) -> retention.Term:
    years = int(str(settings.OVERA["RETENTION_YEARS"]))
    if filing.certificate:
        return retention.after_certificate(filing.certificate.valid_until, None, years)
    if filing.state == Record.State.PERFORMED:
        return retention.after_performance(filing.decided_on, years)
    return retention.after_decision(filing.decided_on, years)


def _certificate(certificate: CertificateFacts | None) -> dict[str, Any]:
    if certificate is None:
        return {}
    return {
        "serial": certificate.serial,
        "issuer": certificate.issuer,
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
        "certificate_sha256": certificate.sha256,
    }


def _files(record: Record, filing: Filing) -> list[RecordFile]:
    return [
        RecordFile(record=record, position=position, **vars(paper))
        for position, paper in enumerate(filing.papers)
    ]


def _events(record: Record, filing: Filing, by: audit.Actor) -> list[RecordEvent]:
    kinds = RecordEvent.Kind
    case = [
        RecordEvent(
            at=_moment(one["at"]),
            kind=kinds.CASE,
            text=one["event"],
            actor=one["actor"],
            note=one["note"],
        )
        for one in filing.events
    ]
    custody = [
        RecordEvent(
            at=_moment(one["since"]), kind=kinds.CUSTODY, text=one["what"], actor=one["holder"]
        )
        for one in filing.custody
    ]
    filed = RecordEvent(
        at=record.filed_at, kind=kinds.FILED, text=record.file_number, actor=str(by)
    )
    events = [*case, *custody, filed]
    for event in events:
        event.record = record
    return events


def _moment(at: str) -> datetime:
    moment = parse_datetime(at)
    if moment is None or timezone.is_naive(moment):
        raise ValueError(f"not a moment with its time zone: {at!r}")
    return moment


def _filed(record: Record, filing: Filing) -> dict[str, Any]:
    """Return what the chain says in clear: numbers and hashes, nobody's data."""
    return {
        "case_number": record.case_number,
        "office": record.office_code,
        "state": record.state,
        "serial": record.serial,
        "certificate": record.certificate_sha256,
        "papers": [[paper.kind, paper.copy, paper.sha256] for paper in filing.papers],
        "kept_until": record.retained_until.isoformat(),
    }

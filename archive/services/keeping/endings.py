"""The end of a certificate, as the counter tells it, and every term that hangs on it."""

from datetime import datetime

from django.db.models import QuerySet

from archive.models import CertificateConcerned, Record, RecordCertificate, RecordEvent
from archive.services import audit
from archive.services.keeping import terms
from archive.services.keeping.terms import News


def tell(
    certificate: RecordCertificate, at: datetime, reason: str, *, by: audit.Actor | None
) -> None:
    """Note the end; count its record, its chain's, and those of changes of its status anew.

    Of two ends the earlier one counts, the other one is on record too. The same news told again
    changes nothing.
    """
    serial = certificate.serial
    with audit.transaction():
        records = terms.locked([serial])
        ended = RecordCertificate.objects.get(pk=certificate.pk)
        if _told(ended, at, reason):
            return
        _write(ended, at, reason)
        _concerned(serial, ended.issuer, at)
        (own,) = (each for each in records if each.pk == ended.record_id)
        _recount_own(own, ended, at, News(reason, by))
        others = [each for each in records if each != own]
        terms.recount(others, News(terms.sentence_of_end(serial, reason), by))


def tell_of_unfiled(
    serial: str, issuer: str, at: datetime, reason: str, *, by: audit.Actor | None
) -> None:
    """Note the end of a certificate whose own case is not filed: its changes of status may be."""
    with audit.transaction():
        records = terms.locked([serial])
        if _concerned(serial, issuer, at):
            terms.recount(records, News(terms.sentence_of_end(serial, reason), by))


def _told(ended: RecordCertificate, at: datetime, reason: str) -> bool:
    events = RecordEvent.objects.filter(record=ended.record_id, note=ended.serial)
    kind = RecordEvent.Kind.CERTIFICATE_ENDED
    return events.filter(kind=kind, at=at, text=reason).exists()


def _write(ended: RecordCertificate, at: datetime, reason: str) -> None:
    if ended.ended_at is None or at < ended.ended_at:
        ended.ended_at, ended.ended_reason = at, reason
        ended.save(update_fields=["ended_at", "ended_reason"])


def _concerned(serial: str, issuer: str, at: datetime) -> int:
    """Write an end that is earlier than what is known to those whom it concerns."""
    named = CertificateConcerned.objects.filter(serial=serial, issuer__in=("", issuer))
    return _unended(named, at).update(ended_at=at)


def _unended(named: QuerySet[CertificateConcerned], at: datetime) -> QuerySet[CertificateConcerned]:
    return named.exclude(ended_at__lte=at)


def _recount_own(own: Record, ended: RecordCertificate, at: datetime, news: News) -> None:
    before = own.retained_until
    RecordEvent.objects.create(
        record=own,
        at=at,
        kind=RecordEvent.Kind.CERTIFICATE_ENDED,
        text=news.reason,
        actor=news.actor,
        note=ended.serial,
    )
    terms.keep(own, terms.of(own, own.category, own.retention_years))
    terms.note(own, before, news)
    told = {"serial": ended.serial, "role": ended.role, "at": at.isoformat(), "reason": news.reason}
    audit.append(
        "record.certificate_ended",
        subject=own.file_number,
        by=news.by,
        facts=told | terms.counted(own, before),
    )

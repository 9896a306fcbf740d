"""Reads what certification bodies publish about our certificates, and keeps the last word."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from django.db.models import QuerySet

from archive import store
from archive.services import audit, records
from registration.ca.base import State
from registration.ca.errors import BodyNotSetError, CAError
from registration.ca.status.answer import Answer, StatusError
from registration.ca.status.asking import Inquiry, Sources, Told
from registration.errors import PersonGoneError
from registration.models import Certificate, PublishedStatus
from registration.queries import bodies, certificates
from registration.queries import cases as case_queries
from registration.queries import published as queries
from registration.services import revocations

_MOST = 500  # certificates of one round; a worker gives a task back after two minutes


def read(now: datetime) -> int:
    """Ask about the certificates that are due; return how many these were."""
    return ask(queries.due(now), now)


def ask(certificates: QuerySet[Certificate], now: datetime) -> int:
    """Ask about certificates, 500 at most, and write down what was told; return how many.

    The body is asked outside of any transaction.
    """
    asked = list(certificates.select_related("application", "issuance")[:_MOST])
    told = _told(asked, now)
    for each in asked:
        _keep(each, told[int(each.serial, 16)], now)
    return len(asked)


def _told(asked: list[Certificate], now: datetime) -> dict[int, Told]:
    """Ask of each certificate where the body publishes it that issued it."""
    issued = defaultdict(list)
    for each in asked:
        issued[each.issuance.body].append(each)
    told: dict[int, Told] = {}
    for body, those in issued.items():
        told |= _told_of(body, those, now)
    return told


def _told_of(body: str, asked: list[Certificate], now: datetime) -> dict[int, Told]:
    try:
        issuer = x509.load_der_x509_certificate(bodies.connector(body).chain()[0])
        sources = _sources(bodies.section(body)["STATUS"])
    except CAError as fault:
        reason = fault.reason if isinstance(fault, BodyNotSetError) else "unreachable"
        doubt = StatusError(reason, retryable=True)
        return {int(each.serial, 16): doubt for each in asked}
    parsed, told = _parsed(asked)
    return told | Inquiry(issuer, sources, now).tell(parsed)


def _parsed(asked: list[Certificate]) -> tuple[list[x509.Certificate], dict[int, Told]]:
    """Return the certificates, and a doubt about each that cannot be read any more."""
    found: list[x509.Certificate] = []
    told: dict[int, Told] = {}
    for each in asked:
        try:
            found.append(x509.load_pem_x509_certificate(certificates.pem(each)))
        except (store.StoreError, PersonGoneError):
            told[int(each.serial, 16)] = StatusError("certificate-lost")
    return found, told


def _sources(section: Mapping[str, Any]) -> Sources:
    return Sources(section["OCSP"], section["CRL"], nonce_required=section["NONCE_REQUIRED"])


def _keep(certificate: Certificate, told: Told, now: datetime) -> None:
    with audit.transaction():
        row = _row(certificate)
        before, row.checked_at = row.state, now
        if isinstance(told, StatusError):
            row.doubt = told.reason
        else:
            _learn(row, told)
        row.save()
        _tell_archive(row)
        if row.state != before and not row.doubt:
            _note(row, before)


def _row(certificate: Certificate) -> PublishedStatus:
    known = PublishedStatus.objects.select_for_update(no_key=True).filter(pk=certificate.pk)
    return known.first() or PublishedStatus(certificate=certificate)


def _learn(row: PublishedStatus, answer: Answer) -> None:
    """Take an answer over; one about an earlier moment than the last word changes nothing."""
    row.doubt = ""
    if row.known_at is not None and answer.known_at < row.known_at:
        return
    row.state, row.reason, row.since = answer.state, answer.reason, answer.at
    row.known_at, row.source = answer.known_at, answer.source


def _note(row: PublishedStatus, before: str) -> None:
    """Write a change into the history; that a new certificate is valid is no news."""
    if (before, row.state) == (State.UNKNOWN, State.VALID):
        return
    certificate = row.certificate
    number = certificate.application.number
    audit.append(f"certificate.seen_{row.state}", subject=number, by=None, facts=_facts(row))
    if row.state == State.REVOKED and row.since is not None:
        revocations.note_end(certificate.serial, row.since, row.reason or "unspecified")


def _facts(row: PublishedStatus) -> dict[str, Any]:
    known_at = row.known_at.isoformat() if row.known_at else ""
    since = row.since.isoformat() if row.since else ""
    return {
        "serial": row.certificate.serial,
        "reason": row.reason,
        "since": since,
        "known_at": known_at,
        "source": row.source,
    }


def _tell_archive(row: PublishedStatus) -> None:
    record = case_queries.record_of(row.certificate.application)
    if record is not None:
        records.certificate_published(record, row.certificate.serial, row.shown, row.known_at)

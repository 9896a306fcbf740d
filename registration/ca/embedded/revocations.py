"""Status at the embedded body: which change may follow which, and the signed list of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from registration.ca.base import State, Status
from registration.ca.embedded.hierarchy import Hierarchy
from registration.ca.embedded.ledger import Ledger, Revocation
from registration.ca.errors import CARefusedError

LIST_LIFE = timedelta(hours=24)
_HOLD = x509.ReasonFlags.certificate_hold.value
_RELEASE = x509.ReasonFlags.remove_from_crl.value
_REASONS = frozenset(flag.value for flag in x509.ReasonFlags)


def describe(change: Revocation | None) -> Status:
    if change is None or change.reason == _RELEASE:
        return Status(State.VALID)
    state = State.SUSPENDED if change.reason == _HOLD else State.REVOKED
    return Status(state, change.reason, change.at)


def change(ledger: Ledger, serial: int, reason: str, at: datetime) -> Status:
    """Record the change; a repeated or overtaken one answers with what stands."""
    if reason not in _REASONS:
        raise CARefusedError("reason-not-known", revocation_reason=reason)
    while True:
        last = ledger.last_change(serial)
        status = describe(last)
        if status.state == State.REVOKED or status.reason == reason:
            return status
        if reason == _RELEASE and status.state != State.SUSPENDED:
            raise CARefusedError("certificate-not-suspended")
        following = Revocation(serial, last.number + 1 if last else 1, reason, at)
        if ledger.record(following):
            return describe(following)


def listed(ledger: Ledger) -> tuple[Revocation, ...]:
    return tuple(
        change_
        for change_ in ledger.last_changes()
        if describe(change_).state in {State.SUSPENDED, State.REVOKED}
    )


def current_list(ledger: Ledger, hierarchy: Hierarchy, now: datetime) -> bytes:
    """DER of the newest list; a new one when something changed or half its life has passed."""
    number = ledger.list_number()
    changes = listed(ledger)
    if number and _still_says(ledger.revocation_list(number), changes, now):
        return ledger.revocation_list(number)
    crl = _sign(number + 1, changes, hierarchy, now)
    if ledger.keep_list(number + 1, crl):
        return crl
    return current_list(ledger, hierarchy, now)  # another process was first: does its list serve?


def _still_says(crl: bytes, changes: Iterable[Revocation], now: datetime) -> bool:
    parsed = x509.load_der_x509_crl(crl)
    fresh = parsed.last_update_utc <= now < parsed.last_update_utc + LIST_LIFE / 2
    return fresh and [_mark(entry) for entry in parsed] == [_mark(_entry(c)) for c in changes]


def _mark(entry: x509.RevokedCertificate) -> tuple[int, datetime, list[x509.ExtensionType]]:
    reasons = [extension.value for extension in entry.extensions]
    return entry.serial_number, entry.revocation_date_utc, reasons


def _sign(number: int, changes: Iterable[Revocation], hierarchy: Hierarchy, now: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(hierarchy.issuing.subject)
        .last_update(now)
        .next_update(now + LIST_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(hierarchy.key.public_key()),
            critical=False,
        )
    )
    for change_ in changes:
        builder = builder.add_revoked_certificate(_entry(change_))
    crl = builder.sign(hierarchy.key, hierarchy.hash_algorithm)
    return crl.public_bytes(serialization.Encoding.DER)


def _entry(change_: Revocation) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(change_.serial)
        .revocation_date(change_.at.replace(microsecond=0))
    )
    reason = x509.ReasonFlags(change_.reason)
    if reason is not x509.ReasonFlags.unspecified:  # RFC 5280, 5.3.1: absent instead
        builder = builder.add_extension(x509.CRLReason(reason), critical=False)
    return builder.build()

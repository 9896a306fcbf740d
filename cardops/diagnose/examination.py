"""The examination itself: readers, card, identity, signing application, certificates."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from cardops import errors, transport
from cardops.cards import selection
from cardops.cards.profile import CardProfile, Role
from cardops.channel import Channel, Tracer
from cardops.diagnose import authorities, certificates, readers
from cardops.diagnose.findings import Code, Diagnosis, Finding, Seen
from cardops.identity import Kind, files, tags

_ELIGIBLE_AFTER = date(2014, 8, 18)  # cards issued until this day have no fitting chip


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Surroundings:
    """What the desk knows beside the card; without `authorities` no chain is looked for."""

    reader: str | None = None  # the first with a card when None
    authorities: Path | None = None  # folder with the certification body's certificates
    patience: float = 5.0  # seconds to wait for a card that another program holds
    eligible_after: date = _ELIGIBLE_AFTER
    clock: Callable[[], datetime] = _now
    trace: Tracer | None = None


def examine(surroundings: Surroundings) -> Diagnosis:
    """Look as far as the card lets us; every anticipated fault becomes a finding."""
    look = _Look(surroundings)
    try:
        look.at_everything()
    except errors.CardopsError as fault:
        look.find(Code.of(fault.code), **fault.facts)
    order = list(Code)
    findings = (Finding(code, facts) for code, facts in look.found.items())
    return Diagnosis(tuple(sorted(findings, key=lambda each: order.index(each.code))), look.seen)


@dataclass
class _Look:
    """One examination under way; `found` has each code once, the roles of certificates gathered."""

    around: Surroundings
    seen: Seen = field(default_factory=Seen)
    found: dict[Code, dict[str, Any]] = field(default_factory=dict)

    def find(self, code: Code, **facts: Any) -> None:
        roles = self.found.get(code, {}).get("roles", [])
        self.found[code] = facts | ({"roles": roles + facts["roles"]} if "roles" in facts else {})

    def _see(self, **facts: Any) -> None:
        self.seen = replace(self.seen, **facts)

    def at_everything(self) -> None:
        if readers.is_remote(os.environ):
            self.find(Code.REMOTE_SESSION)
        reader = self._at_readers()
        with transport.hold(reader, patience=self.around.patience) as connection:
            self._see(atr=connection.atr.hex())
            channel = Channel(connection, self.around.trace)
            if self._at_identity(channel):
                self._at_signing(channel)

    def _at_readers(self) -> str:
        """Return the reader to look into."""
        states = transport.states()
        self._see(readers=tuple(state.name for state in states))
        for code, facts in readers.notes(states, self.around.reader):
            self.find(code, **facts)
        reader = readers.choose(states, self.around.reader)
        self._see(reader=reader)
        return reader

    def _at_identity(self, channel: Channel) -> bool:
        """Tell whether it is worth looking on."""
        try:
            kind = files.select(channel, bytes.fromhex(self.seen.atr))
        except errors.UnknownCardError:
            self.find(Code.UNKNOWN_CARD)
            return True
        self._see(card=kind.value)
        if kind == Kind.OLD:
            self.find(Code.TOO_OLD)
            return False
        return self._at_document(channel, kind)

    def _at_document(self, channel: Channel, kind: Kind) -> bool:
        content = files.body(files.read(channel, files.DOCUMENT, kind), kind)
        document = tags.document(tags.values(content, files.DOCUMENT))
        self._see(
            document_number=certificates.masked(document.registration_number),
            issued_on=document.issued_on,
            expires_on=document.expires_on,
        )
        return self._at_dates(document.issued_on, document.expires_on)

    def _at_dates(self, issued_on: date | None, expires_on: date | None) -> bool:
        if issued_on and issued_on <= self.around.eligible_after:
            self.find(Code.TOO_OLD, issued_on=issued_on.isoformat())
            return False
        if expires_on and expires_on < self.around.clock().date():
            self.find(Code.CARD_EXPIRED, expires_on=expires_on.isoformat())
        return True

    def _at_signing(self, channel: Channel) -> None:
        try:
            card = selection.select(channel)
        except errors.UnknownCardError:
            if Code.UNKNOWN_CARD not in self.found:
                self.find(Code.NO_APPLICATION)
            return
        self._see(application=card.name)
        self._at_pin(card)
        self._at_certificates(card)

    def _at_pin(self, card: CardProfile) -> None:
        status = card.pin_status()
        self._see(tries_left=status.tries_left)
        if status.blocked:
            self.find(Code.PIN_BLOCKED)
        elif status.tries_left < status.full:
            self.find(Code.TRIES_USED, tries_left=status.tries_left)

    def _at_certificates(self, card: CardProfile) -> None:
        stored = {role: card.read_certificate(role) for role in Role}
        if not stored[Role.SIGNING]:
            self.find(Code.NO_CERTIFICATE)
        elif not stored[Role.AUTHENTICATION]:
            self.find(Code.NO_AUTHENTICATION)
        trusted = self._trusted()
        for role, der in stored.items():
            if der:
                self._at_certificate(role, der, trusted)

    def _trusted(self) -> Sequence[x509.Certificate] | None:
        """Return the body's certificates; None where no chain can be looked for."""
        if self.around.authorities is None:
            return None
        try:
            return authorities.load(self.around.authorities)
        except errors.ConfigurationError as fault:
            self.find(Code.CONFIGURATION, **fault.facts)
            return None

    def _at_certificate(
        self, role: Role, der: bytes, trusted: Sequence[x509.Certificate] | None
    ) -> None:
        try:
            certificate = x509.load_der_x509_certificate(der)
        except ValueError:
            self.find(Code.UNREADABLE, roles=[role.value])
            return
        summary = certificates.summary(role.value, certificate)
        self._see(certificates=(*self.seen.certificates, summary))
        self._at_validity(role, certificate)
        if trusted is not None:
            missing = authorities.missing_issuer(certificate, trusted)
            if missing:
                self.find(Code.CHAIN_MISSING, issuer=missing, roles=[role.value])

    def _at_validity(self, role: Role, certificate: x509.Certificate) -> None:
        now = self.around.clock()
        first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if now < first:
            self.find(Code.NOT_YET_VALID, on=first.date().isoformat(), roles=[role.value])
        elif now > last:
            self.find(Code.EXPIRED, on=last.date().isoformat(), roles=[role.value])

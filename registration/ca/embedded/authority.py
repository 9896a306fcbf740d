"""The embedded body as a connector: pure `cryptography`, keys and ledger in one folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from registration.ca import issuers, keys, profiles, proof, validity
from registration.ca.base import (
    Enrolled,
    EnrolmentRequest,
    Health,
    State,
    Status,
    Transaction,
)
from registration.ca.embedded import certificates, delegates, hierarchy, responder, revocations
from registration.ca.embedded.ledger import Entry, Ledger
from registration.ca.errors import CAError, CARefusedError, CAUnreachableError, ProofError
from registration.tokens import TokenError, TokenPinError

_NONE = Transaction()


def _now() -> datetime:
    return datetime.now(UTC)


class EmbeddedCA:
    """Makes its root and issuing CA at first use; any number of processes may share the folder.

    `key_kind` is one of `keys.BODY_KINDS`, for the two keys that are made then.
    """

    patience = settling = 0.0  # whoever is asked again answers at once

    def __init__(
        self,
        folder: Path,
        *,
        validity_years: int | None = None,
        key_kind: str = "P-384",
        custody: hierarchy.Custody = hierarchy.FILES,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.folder = folder
        self._validity_years, self._key_kind = validity_years, key_kind
        self._custody, self._clock = custody, clock

    def begin(self, _key: str) -> Transaction:
        """Return an empty one: a request asked again is the same request."""
        return Transaction()

    def enrol(self, request: EnrolmentRequest, _transaction: Transaction = _NONE) -> Enrolled:
        profile = profiles.load(request.profile)
        public_key = _accept(request, profile)
        with _reachable():
            entry = self._ledger.promised(request.key) or self._ledger.promise(
                request.key, self._compose(request, profile, public_key)
            )
            if not entry.answers(request, public_key):
                raise CARefusedError("key-of-another-request")
            return self._complete(entry)

    def lookup(self, key: str) -> Enrolled | None:
        with _reachable():
            entry = self._ledger.promised(key)
            return self._complete(entry) if entry else None

    def confirm(self, transaction: Transaction, certificate: bytes) -> None:
        """Do nothing: what is issued is valid at once."""

    def reject(self, transaction: Transaction, certificate: bytes | None) -> None:
        """Do nothing: what is not to be used is revoked."""

    def revoke(self, serial: int, reason: str, at: datetime) -> Status:
        with _reachable():
            if self._ledger.certificate(serial) is None:
                raise CARefusedError("certificate-not-known")
            return revocations.change(self._ledger, serial, reason, at)

    def status(self, serial: int) -> Status:
        with _reachable():
            if self._ledger.certificate(serial) is None:
                return Status(State.UNKNOWN)
            return revocations.describe(self._ledger.last_change(serial))

    def crl(self) -> bytes:
        """Return the current list of suspended and revoked certificates, DER."""
        with _reachable():
            now = self._clock().replace(microsecond=0)
            return revocations.current_list(self._ledger, self._hierarchy, now)

    def ocsp(self, request: bytes) -> bytes:
        """Answer a status request (RFC 6960), both DER."""
        with _reachable():
            now = self._clock().replace(microsecond=0)
            delegate = delegates.current(self.folder / "responders", self._hierarchy, now)
            issuing = self._hierarchy.issuing
            return responder.answer(request, self._ledger, issuing, delegate, now)

    def chain(self) -> tuple[bytes, ...]:
        with _reachable():
            pair = (self._hierarchy.issuing, self._hierarchy.root)
            return tuple(part.public_bytes(serialization.Encoding.DER) for part in pair)

    def health(self) -> Health:
        """Sign, verify, write: only a body that can issue now is healthy."""
        try:
            with _reachable():
                self._try_key()
        except CAError as error:
            return Health(ok=False, detail=error.reason, at=self._clock())
        return Health(ok=True, detail="", at=self._clock())

    @cached_property
    def _hierarchy(self) -> hierarchy.Hierarchy:
        return hierarchy.load_or_make(self.folder / "authority", self._key_kind, self._custody)

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self.folder / "ledger")

    def _try_key(self) -> None:
        key, issuing = self._hierarchy.key, self._hierarchy.issuing
        at = self._clock()  # after the very first asking, which makes the hierarchy
        issuers.require_valid(issuing, at)
        message = b"overa health"
        signature = keys.sign(key, message)
        keys.verify(issuing.public_key(), signature, message, self._hierarchy.hash_algorithm)
        self._ledger.try_writing()

    def _complete(self, entry: Entry) -> Enrolled:
        kept = self._ledger.certificate(entry.serial)
        if kept is None:
            signed = certificates.sign(entry, self._hierarchy)
            kept = self._ledger.keep(entry.serial, signed)
        return Enrolled(kept)

    def _compose(
        self, request: EnrolmentRequest, profile: profiles.Profile, public_key: bytes
    ) -> Entry:
        start = self._clock().replace(microsecond=0)
        years = self._validity_years or profile.validity_years
        ends = [validity.after_years(start, years), self._hierarchy.issuing.not_valid_after_utc]
        if request.not_after:
            ends.append(request.not_after.astimezone(UTC).replace(microsecond=0))
        if min(ends) <= start:
            raise CARefusedError("nothing-left-of-validity")
        return Entry(
            serial=x509.random_serial_number(),
            not_before=start,
            not_after=min(ends),
            public_key=public_key,
            subject=request.subject,
            profile=request.profile,
            email=request.email,
        )


def _accept(request: EnrolmentRequest, profile: profiles.Profile) -> bytes:
    """Make every check that the body makes of a request; its public key, DER."""
    if request.email is not None:
        _accept_address(request.email)
    try:
        public_key = proof.verify_request(request.csr, request.subject, request.email)
    except ProofError as error:
        raise CARefusedError(error.reason) from error
    if not keys.fits(public_key, profile):
        raise CARefusedError("key-kind-not-in-profile")
    return keys.encode(public_key)


def _accept_address(email: str) -> None:
    try:
        x509.RFC822Name(email)
    except ValueError as error:  # only ASCII goes into rfc822Name
        raise CARefusedError("email-not-ascii") from error


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CAUnreachableError(type(error).__name__) from error
    except TokenPinError as error:  # nothing was asked for: it goes on when the PIN is right
        raise CARefusedError(error.reason, retryable=True, **error.facts) from error
    except TokenError as error:
        raise CAUnreachableError(error.reason, **error.facts) from error

"""A revocation list (RFC 5280, section 5) read as it comes: 30 MB of it need no 30 MB of memory.

The list is hashed while the wanted serial numbers are looked for; what was found counts only once
the signature over all of it has been verified.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, core, crl
from asn1crypto import x509 as names
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from registration.ca import keys
from registration.ca.base import State
from registration.ca.errors import ProofError
from registration.ca.status import der
from registration.ca.status.answer import Answer, Source, StatusError, require_current, state_of
from registration.ca.status.der import Head, Stream
from registration.ca.status.fetching import Read

_VERSION_2 = 1
_EXTENSIONS = 0xA0  # [0], explicit
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_SIGNATURES = {"ecdsa", "rsassa_pkcs1v15"}
_PARTIAL = (
    "only_contains_user_certs",
    "only_contains_ca_certs",
    "only_some_reasons",
    "indirect_crl",
    "only_contains_attribute_certs",
)
_FOR_USERS = "only_contains_user_certs"
_KNOWN = frozenset({"crl_reason"})


@dataclass(frozen=True)
class Wanted:
    """`point` is where the certificates say that their list lies; a list may name its own place."""

    serials: Collection[int]
    issuer: x509.Certificate
    point: str
    now: datetime


def find(read: Read, wanted: Wanted, *, most: int) -> dict[int, Answer]:
    """Return the answer about each serial number; StatusError where the list is to be doubted.

    `most` bytes are read. The list must be complete, current, and the issuer's own.
    """
    try:
        return _List(Stream(read, most), wanted).find()
    except (ValueError, TypeError, LookupError) as fault:
        raise StatusError("list-malformed") from fault


class _List:
    def __init__(self, stream: Stream, wanted: Wanted) -> None:
        self._stream, self._wanted = stream, wanted

    def find(self) -> dict[int, Answer]:
        stream, early = self._stream, bytearray()
        whole = stream.enter(der.SEQUENCE).length + stream.position
        stream.pass_on(early.extend)
        end = stream.enter(der.SEQUENCE).length + stream.position
        algorithm = self._algorithm()
        digest = hashes.Hash(_hash_of(algorithm))
        stream.pass_on(None)
        digest.update(bytes(early))
        stream.pass_on(digest.update)
        known_at = self._who_and_when()
        found = dict(self._listed(known_at, end))
        stream.pass_on(None)
        self._verify(algorithm, digest.finalize(), whole)
        good = Answer(State.VALID, known_at, Source.CRL)
        return {serial: found.get(serial, good) for serial in self._wanted.serials}

    def _algorithm(self) -> bytes:
        """Return the algorithm that the list names inside of what is signed."""
        version = core.Integer.load(self._stream.element())
        if version.native != _VERSION_2:
            raise StatusError("list-malformed")
        return self._stream.element()

    def _who_and_when(self) -> datetime:
        named = names.Name.load(self._stream.element())
        if named != names.Name.load(self._wanted.issuer.subject.public_bytes()):
            raise StatusError("list-of-another-issuer")
        this_update, next_update = self._moment(), self._moment()
        require_current(this_update, next_update, self._wanted.now)
        return this_update

    def _moment(self) -> datetime:
        raw = self._stream.element()
        kind = core.UTCTime if raw[0] == der.UTC_TIME else core.GeneralizedTime
        moment: datetime = kind.load(raw, strict=True).native
        return moment

    def _listed(self, known_at: datetime, end: int) -> Iterator[tuple[int, Answer]]:
        """Yield the wanted entries; refuse a list whose own extensions make it another kind."""
        stream = self._stream
        while stream.position < end:
            head = stream.head()
            if head.tag == der.SEQUENCE:
                yield from self._entries(head, known_at)
            elif head.tag == _EXTENSIONS:
                _require_complete(stream.content(head), self._wanted.point)
            else:
                raise StatusError("list-malformed")
        if stream.position != end:
            raise StatusError("list-malformed")

    def _entries(self, head: Head, known_at: datetime) -> Iterator[tuple[int, Answer]]:
        wanted = {core.Integer(serial).dump(): serial for serial in self._wanted.serials}
        for entry in self._stream.elements(head.length):
            # SEQUENCE, its length (one byte below 128), INTEGER, its length, the number
            start = 2 if entry[1] < der.SHORT else 2 + entry[1] - der.SHORT
            serial = wanted.get(entry[start : start + 2 + entry[start + 1]])
            if serial is not None:
                yield serial, _entry(entry, known_at)

    def _verify(self, algorithm: bytes, digest: bytes, whole: int) -> None:
        stream = self._stream
        same = stream.element() == algorithm
        signature = core.OctetBitString.load(stream.element(), strict=True)
        if not same or stream.position != whole:
            raise StatusError("list-malformed")
        stream.require_end()
        try:
            keys.verify(
                self._wanted.issuer.public_key(),
                signature.native,
                digest,
                Prehashed(_hash_of(algorithm)),
            )
        except ProofError as fault:
            raise StatusError("signature-wrong") from fault


def _hash_of(algorithm: bytes) -> hashes.HashAlgorithm:
    named = algos.SignedDigestAlgorithm.load(algorithm, strict=True)
    if named.signature_algo not in _SIGNATURES or named.hash_algo not in _HASHES:
        raise StatusError("algorithm-not-accepted")
    return _HASHES[named.hash_algo]


def _entry(raw: bytes, known_at: datetime) -> Answer:
    entry = crl.RevokedCertificate.load(raw, strict=True)
    if entry.critical_extensions - _KNOWN:
        raise StatusError("critical-extension-not-known")
    named = entry.crl_reason_value
    reason = x509.ReasonFlags[named.native].value if named else ""
    at = entry["revocation_date"].native
    return Answer(state_of(reason), known_at, Source.CRL, reason, at)


def _require_complete(raw: bytes, point: str) -> None:
    """Refuse delta lists, lists of some reasons or of CAs, and what we do not understand."""
    extensions: Any = crl.TBSCertListExtensions.load(raw, strict=True)
    for extension in extensions:
        kind = extension["extn_id"].native
        if kind == "issuing_distribution_point":
            _require_for_users(extension["extn_value"].parsed.native, point)
        elif extension["critical"].native or kind == "delta_crl_indicator":
            raise StatusError("critical-extension-not-known")


def _require_for_users(distribution: dict[str, Any], point: str) -> None:
    narrowed = [name for name in _PARTIAL if distribution.get(name)]
    named = distribution.get("distribution_point")
    if narrowed not in ([], [_FOR_USERS]) or (named is not None and point not in named):
        raise StatusError("list-not-complete")

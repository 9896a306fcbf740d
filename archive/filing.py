"""What the counter hands over when a case is filed; names as text, files by their hash."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from cryptography import x509
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate as its own bytes tell it; the subject stays in them, it holds the JMBG."""

    role: str  # what its key is for: "signing" | "authentication"
    der: bytes
    serial: str  # lower-case hex
    issuer: str  # RFC 4514
    valid_from: datetime
    valid_until: datetime
    renews: str = ""  # serial of the certificate that it renews

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.der).hexdigest()

    @classmethod
    def read(cls, der: bytes, role: str, renews: str = "") -> "CertificateFacts":
        """Read the facts from the DER, so that they cannot differ from it."""
        certificate = x509.load_der_x509_certificate(der)
        return cls(
            role=role,
            der=der,
            serial=f"{certificate.serial_number:x}",
            issuer=certificate.issuer.rfc4514_string(),
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            renews=renews,
        )


@dataclass(frozen=True)
class FiledLife:
    """A certificate that a case was about and did not make: its record is kept as long."""

    valid_until: datetime
    ended: datetime | None
    serial: str = ""  # lower-case hex; by it the record hears of a later end
    issuer: str = ""  # RFC 4514


@dataclass(frozen=True)
class FiledPaper:
    """A copy of a paper whose bytes already lie in `archive.store`."""

    kind: str  # "request", "terms", "contract", …
    copy: int
    title: str
    sha256: str
    size: int  # bytes
    pages: int
    media_type: str = "application/pdf"
    retained: bool = True  # kept by the office; else handed to the citizen


@dataclass(frozen=True)
class FiledSeal:
    """The sealed edition of a paper that was filed; its bytes already lie in `archive.store`."""

    kind: str  # of the paper, as it was filed
    copy: int
    original: str  # SHA-256 of the filed paper
    sha256: str
    size: int  # bytes
    sealed_by: str
    sealed_at: datetime
    level: str


class FiledOrigin(TypedDict):
    """Where a page of a scan came from."""

    picture: str  # SHA-256 of what the scanner made of the page, in `archive.store`
    media: str
    stack: str  # SHA-256 of the scanner's file; it is destroyed when all of it is decided
    number: int  # of the page in that file


@dataclass(frozen=True)
class FiledScan:
    """The scan of a paper that was filed; its bytes already lie in `archive.store`."""

    kind: str  # of the paper, as it was filed
    copy: int
    original: str  # SHA-256 of the filed paper
    sha256: str
    size: int  # bytes
    pages: int
    origins: tuple[FiledOrigin, ...]


@dataclass(frozen=True)
class FiledEvidence:
    """A file that proves how a case went; its bytes already lie in `archive.store`."""

    certificate: str  # serial of the one that it is about; empty: of the case alone
    path: str  # in the bundle of an inspector
    sha256: str
    size: int  # bytes


class FiledSignature(TypedDict):
    """A signature on a copy: whose, when, where, in whose presence."""

    paper: str
    copy: int
    role: str  # "citizen" | "officer" | "seal"
    signer: str
    signed_on: str  # ISO date
    place: str
    witness: str


def signed(
    signatures: Iterable[FiledSignature], papers: Iterable[Any]
) -> Iterator[dict[str, object]]:
    """Yield signatures as they are shown: with the title of the paper, the day as a day."""
    titles = {(each.kind, each.copy): each.title for each in papers}
    for one in signatures:
        title = titles.get((one["paper"], one["copy"]), one["paper"])
        yield {**one, "title": title, "day": parse_date(one["signed_on"])}


class FiledCustody(TypedDict):
    """Who has a thing since when; what is not named here is where `FiledPaper.retained` says."""

    kind: str  # of a paper, as it is filed; "card"
    copy: int  # of a paper; else 0
    what: str  # in words that an officer reads: "Уговор 1", "лична карта"
    holder: str  # "office" | "citizen"
    since: str  # ISO date and time


class FiledEvent(TypedDict):
    """What happened in the case before it was filed."""

    at: str  # ISO date and time
    event: str  # in words that an officer reads
    actor: str
    note: str


@dataclass(frozen=True)
class Filing:
    """A whole case, self-contained: the archive outlives the counter's tables."""

    reference: str  # unique; a second filing under the same reference returns the first record
    case_number: str
    file_number: str
    kind: str  # the procedure: "issue", "renew", "unblock", "status"
    office_code: str
    office_name: str
    officer: str  # full name
    surname: str
    given_name: str
    jmbg: str
    document_number: str
    decided_on: date  # of what was performed: the day on which it was
    state: str = "issued"  # how the case ended: "issued" | "performed" | "withdrawn" | "refused"
    email: str = ""
    certificates: tuple[CertificateFacts, ...] = ()
    about: tuple[FiledLife, ...] = ()
    papers: tuple[FiledPaper, ...] = ()
    signatures: tuple[FiledSignature, ...] = ()
    custody: tuple[FiledCustody, ...] = ()
    events: tuple[FiledEvent, ...] = ()


def moment(at: str) -> datetime:
    moment = parse_datetime(at)
    if moment is None or timezone.is_naive(moment):
        raise ValueError(f"not a moment with its time zone: {at!r}")
    return moment

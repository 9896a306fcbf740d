"""Checks a seal from the file alone: each stamp at the moment of the next, the last one at `at`."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    DocumentTimestampStatus,
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext

from registration.seals import certificates
from registration.seals.base import Level, SealFinding, Verdict

SEALING = frozenset({"non_repudiation", "digital_signature"})
"""Key usages of which a seal's certificate has one at least (ETSI EN 319 412-2, section 4.3.2)."""

DAMAGE = (
    *(PdfError, zlib.error, ValueError, TypeError, LookupError, OSError),
    *(AttributeError, AssertionError, NotImplementedError, RecursionError),
)
"""What the libraries raise upon bytes that are no PDF, or no longer one: found by damaging some."""

_OUT_OF_TIME = frozenset(
    {AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED}
)


@dataclass(frozen=True)
class _Sealed:
    """A file with a seal, and what it brings along for its own proof."""

    seal: EmbeddedPdfSignature
    stamps: tuple[EmbeddedPdfSignature, ...]  # over the document, the oldest first
    store: DocumentSecurityStore | None
    roots: tuple[x509.Certificate, ...]

    def context(self, moment: datetime, *, strict: bool) -> ValidationContext:
        """Judge certificates as of a moment; `strict` wants proof that they were not revoked.

        Without `strict` the file's own lists are left out: they are of another moment.
        """
        settings: dict[str, Any] = {"trust_roots": self.roots, "moment": moment}
        if self.store is None:
            return ValidationContext(**settings)
        if strict:
            return self.store.as_validation_context({**settings, "revocation_mode": "hard-fail"})
        return ValidationContext(**settings, other_certs=self.store.load_certs())


@dataclass(frozen=True)
class _Judged:
    """The seal as judged at the highest level that its file proves."""

    level: Level
    status: PdfSignatureStatus
    proven: bool


def check(pdf: bytes, roots: Iterable[bytes], at: datetime) -> SealFinding:
    """Say whose seal is on a file and whether it holds at `at` (aware), trusting `roots` (DER).

    Nothing is fetched. Below B-LT a seal is proven as long as its certificate is valid; from there
    on as long as the certificate of the last stamp is.
    """
    try:
        sealed = _read(PdfFileReader(BytesIO(pdf)), certificates.load(roots))
        return asyncio.run(_finding(sealed, at)) if sealed else SealFinding(Verdict.UNSEALED)
    except DAMAGE:
        return SealFinding(Verdict.UNREADABLE)


def _read(reader: PdfFileReader, roots: tuple[x509.Certificate, ...]) -> _Sealed | None:
    if not reader.embedded_regular_signatures:
        return None
    seal = reader.embedded_regular_signatures[0]
    stamps = reader.embedded_timestamp_signatures
    later = tuple(each for each in stamps if each.signed_revision > seal.signed_revision)
    return _Sealed(seal, later, _store(reader), roots)


def _store(reader: PdfFileReader) -> DocumentSecurityStore | None:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None


async def _finding(sealed: _Sealed, at: datetime) -> SealFinding:
    stamps = [each async for each in _stamped(sealed, at)]
    proven = [each.timestamp for each in stamps if each.trusted]
    judged = await _judged(sealed, min(proven, default=at), at)
    lasting = judged.level == Level.B_LT and bool(proven)
    intact = _is_intact(judged.status, stamps)
    whole = _is_whole(judged.status, stamps[0] if stamps else judged.status)
    return SealFinding(
        verdict=_verdict(judged, at, intact=intact, whole=whole),
        sealer=certificates.name(sealed.seal.signer_cert),
        sealed_at=_moment(judged),
        level=Level.B_LTA if lasting else judged.level,
        intact=intact,
        covers_whole=whole,
    )


async def _stamped(sealed: _Sealed, at: datetime) -> AsyncIterator[DocumentTimestampStatus]:
    """Yield the document's stamps, the last first: each proves the one before until its moment."""
    until = at
    for stamp in reversed(sealed.stamps):
        status = await async_validate_pdf_timestamp(stamp, sealed.context(until, strict=True))
        if until == at and not (status.trusted or status.revoked):  # its lists may be too old now
            status = await async_validate_pdf_timestamp(stamp, sealed.context(at, strict=False))
        yield status
        if status.intact and status.valid and status.trusted:
            until = status.timestamp


async def _judged(sealed: _Sealed, until: datetime, at: datetime) -> _Judged:
    """Try the highest level first; what remains unproven is told of the last that was tried."""
    for level, moment in _levels(sealed, until):
        strict = level == Level.B_LT
        status = await async_validate_pdf_signature(
            sealed.seal,
            sealed.context(moment, strict=strict),
            sealed.context(until, strict=strict and until != at),
            key_usage_settings=KeyUsageConstraints(SEALING),
        )
        stamp = status.timestamp_validity
        if status.trusted and (level == Level.B_B or (stamp and stamp.trusted)):
            return _Judged(level, status, proven=True)
        if status.revoked:
            break
    return _Judged(level, status, proven=False)


def _levels(sealed: _Sealed, until: datetime) -> Iterator[tuple[Level, datetime]]:
    """Yield (level, moment at which the seal's certificate must be valid)."""
    for stamp in extract_tst_data_iter(sealed.seal.signer_info, signed=False):
        moment = stamp["encap_content_info"]["content"].parsed["gen_time"].native
        if sealed.store is not None:
            yield Level.B_LT, moment
        yield Level.B_T, moment
    yield Level.B_B, until


def _is_intact(seal: PdfSignatureStatus, stamps: list[DocumentTimestampStatus]) -> bool:
    """Tell whether every hash and signature fits and the pages are those that were sealed."""
    parts: list[SignatureStatus] = [seal, *stamps]
    if seal.timestamp_validity:
        parts.append(seal.timestamp_validity)
    levels = {seal.modification_level, *(each.modification_level for each in stamps)}
    return (
        all(each.intact and each.valid for each in parts) and ModificationLevel.OTHER not in levels
    )


def _is_whole(seal: PdfSignatureStatus, last: PdfSignatureStatus | DocumentTimestampStatus) -> bool:
    kept = seal.modification_level in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}
    return kept and last.coverage == SignatureCoverageLevel.ENTIRE_FILE


def _verdict(judged: _Judged, at: datetime, *, intact: bool, whole: bool) -> Verdict:
    if not intact:
        return Verdict.ALTERED
    if not whole:
        return Verdict.EXTENDED
    if not judged.proven:
        return _distrust(judged.status)
    ended = at > judged.status.signing_cert.not_valid_after
    return Verdict.EXPIRED if ended and judged.level != Level.B_LT else Verdict.SOUND


def _distrust(status: PdfSignatureStatus) -> Verdict:
    if status.revoked:
        return Verdict.REVOKED
    late = status.trust_problem_indic in _OUT_OF_TIME
    return Verdict.EXPIRED if late else Verdict.UNTRUSTED


def _moment(judged: _Judged) -> datetime | None:
    """Return the stamp's time, or what the sealer says where no stamp proves another."""
    stamp = judged.status.timestamp_validity
    if judged.level == Level.B_B or stamp is None:
        return judged.status.signer_reported_dt
    return stamp.timestamp

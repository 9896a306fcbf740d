"""Seals a PDF by pyHanko: the paper's own bytes stay, the seal is appended and then proven."""

from datetime import UTC, datetime
from io import BytesIO

import pkcs11
from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.fetchers import OwnedFetcherBackend
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from registration.seals import certificates, checks, keys, refusals
from registration.seals.authority import HTTPStamper
from registration.seals.base import Level, Sealer, SealFinding
from registration.seals.errors import (
    KeyUnusableError,
    PaperUnsealableError,
    SealerRejectedError,
    TimestampWrongError,
)

FIELD = "Seal"
_HASH = "sha256"
_PROOFS = DSSContentSettings(
    include_vri=False,
    next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
)
"""Put every proof before the last stamp, so that nothing in the file is left uncovered."""


def seal(pdf: bytes, sealer: Sealer) -> bytes:
    """Return `pdf` with a seal after it; see `sealed`."""
    return sealed(pdf, sealer)[0]


def sealed(pdf: bytes, sealer: Sealer) -> tuple[bytes, SealFinding]:
    """Return `pdf` with a seal after it, and what a check finds, which is sound.

    The seal is an incremental update: what comes back begins with `pdf` itself. PDF/A-2b, 2a and
    UA-1 stay what they are. Raises SealError.
    """
    paper = _opened(pdf)
    with keys.opened(sealer.key) as signer:
        _require_usage(signer.signing_cert)
        signed = _signed(paper, sealer, signer)
    if not signed.startswith(pdf):
        raise PaperUnsealableError("written-anew")
    finding = checks.check(signed, sealer.roots, datetime.now(UTC))
    _require_proven(finding, sealer)
    return signed, finding


def _opened(pdf: bytes) -> IncrementalPdfFileWriter:
    try:
        paper = IncrementalPdfFileWriter(BytesIO(pdf))
        if paper.prev.encrypted:
            raise PaperUnsealableError("encrypted")
        signed = bool(paper.prev.embedded_signatures)
    except (PdfError, *checks.DAMAGE) as fault:
        raise PaperUnsealableError("not-a-pdf") from fault
    if signed:
        raise PaperUnsealableError("signed-already")
    return paper


def _signed(paper: IncrementalPdfFileWriter, sealer: Sealer, signer: Signer) -> bytes:
    lasting = sealer.level == Level.B_LTA
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=_HASH,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=lasting,
        use_pades_lta=lasting,
        validation_context=_context(sealer),
        dss_settings=_PROOFS,
        signer_key_usage=set(),  # checked already: either of two will do
    )
    try:
        out = PdfSigner(metadata, signer, timestamper=_stamper(sealer)).sign_pdf(paper)
    except (SigningError, PathError, ValidationError, pkcs11.PKCS11Error) as fault:
        raise refusals.explained(fault) from fault
    return bytes(out.getvalue())


def _stamper(sealer: Sealer) -> HTTPStamper | None:
    if sealer.level == Level.B_B:
        return None
    return HTTPStamper(sealer.authority, sealer.patience, certificates.load(sealer.roots))


def _context(sealer: Sealer) -> ValidationContext:
    """Judge certificates as of now; revocations are asked for only where they are kept."""
    roots = certificates.load(sealer.roots)
    if sealer.level != Level.B_LTA:
        return ValidationContext(trust_roots=roots)
    fetchers = AIOHttpFetcherBackend(per_request_timeout=sealer.patience)
    return ValidationContext(
        trust_roots=roots,
        allow_fetching=True,
        revocation_mode="hard-fail",
        fetcher_backend=OwnedFetcherBackend(fetchers),
    )


def _require_usage(own: x509.Certificate) -> None:
    usage = own.key_usage_value
    if usage is None or not checks.SEALING & set(usage.native):
        raise SealerRejectedError("key-usage")


def _require_proven(finding: SealFinding, sealer: Sealer) -> None:
    """Let nothing leave that does not prove what it was made for."""
    if not finding.intact:
        raise KeyUnusableError("certificate-of-another-key")
    if not finding.sound or finding.level != sealer.level:
        raise TimestampWrongError("stamp-not-proven", found=finding.level or finding.verdict)

"""Whether the data of a card are the ministry's: hashes, the signature over them, its signer.

File 0F1C is a PKCS#7 signature over the SHA-256 hashes of 0F02, 0F03 and 0F06, each taken with its
header, one after another; 0F1D over that of 0F04. Assumed, as no specification of it is public: the
order is not known and other hashes may stand between, so a file counts when its hash occurs in what
is signed. A card can be copied together with its files: no answer here proves the chip.
"""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from asn1crypto import cms, x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext

from cardops.identity import files
from cardops.identity.card import CANNOT_TELL, NOT_PROVEN, PROVEN, Kind, Proof

Authorities = Sequence[x509.Certificate]

NO_AUTHORITIES, NO_HASHES, OLD_CARD = "no-authorities", "no-hashes", "old-card"
UNREADABLE, SIGNATURE, DIFFERS, SIGNER = "unreadable", "signature", "file-differs", "signer"

COVERED = {
    files.FIXED_HASHES: (files.DOCUMENT, files.PERSON, files.PORTRAIT),
    files.VARIABLE_HASHES: (files.RESIDENCE,),
}

_DAMAGE = (
    *(ValueError, TypeError, LookupError, AttributeError, NotImplementedError, RecursionError),
    *(AssertionError, OverflowError, UnsupportedAlgorithm),
)  # what the libraries raise upon bytes that are no signature: found by damaging one
_WEIGHT = {PROVEN: 0, CANNOT_TELL: 1, NOT_PROVEN: 2}
for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL)  # what they warn of is an answer here
_OF_A_PERSON = frozenset({"surname", "given_name"})


def examine(contents: Mapping[int, bytes], kind: Kind, authorities: Authorities) -> Proof:
    """Judge files with their headers; where the two signatures differ the worse answer counts."""
    found = [_examine(contents, kind, hashes, authorities) for hashes in COVERED]
    return max(found, key=lambda each: _WEIGHT[each.verdict])


def _examine(
    contents: Mapping[int, bytes], kind: Kind, hashes: int, authorities: Authorities
) -> Proof:
    signature = files.inner(contents.get(hashes, b""), kind)
    if not signature:
        return _proof(CANNOT_TELL, NO_HASHES, hashes)
    try:
        signed = cms.ContentInfo.load(signature)["content"]
        status = _verify(signed, authorities)
        content = signed["encap_content_info"]["content"].native
        differing = [file for file in COVERED[hashes] if _hash(contents[file]) not in content]
    except _DAMAGE:
        return _proof(NOT_PROVEN, UNREADABLE, hashes)
    if not (status.intact and status.valid):
        return _proof(NOT_PROVEN, SIGNATURE, hashes)
    if differing:
        return _proof(NOT_PROVEN, DIFFERS, *differing)
    return _of_signer(status, hashes, authorities)


def _of_signer(status: SignatureStatus, hashes: int, authorities: Authorities) -> Proof:
    if not authorities:
        return _proof(CANNOT_TELL, NO_AUTHORITIES, hashes)
    if not status.trusted or _names_a_person(status.signing_cert):
        return _proof(NOT_PROVEN, SIGNER, hashes)
    return Proof(PROVEN)


def _verify(signed: cms.SignedData, authorities: Authorities) -> SignatureStatus:
    """Verify the signature, and its signer as of the day when their certificate began.

    A card outlives its signer's certificate, and nothing on it proves when it was signed. Whether
    the certificate was revoked is not asked: desks have no internet.
    """
    began = extract_certificate_info(signed).signer_cert.not_valid_before
    moment = min(began, datetime.now(UTC))
    context = ValidationContext(trust_roots=list(authorities), moment=moment)
    usage = KeyUsageConstraints(key_usage=())  # which ones its signers have is not published
    return asyncio.run(
        async_validate_cms_signature(signed, validation_context=context, key_usage_settings=usage)
    )


def _names_a_person(certificate: x509.Certificate) -> bool:
    """Tell a citizen's or officer's certificate: the ministry's CAs issue those too."""
    return bool(_OF_A_PERSON & certificate.subject.native.keys())


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _proof(verdict: str, reason: str, *concerned: int) -> Proof:
    return Proof(verdict, reason, tuple(files.name(file) for file in concerned))

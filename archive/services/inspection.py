"""The evidence of a certificate as an inspector gets it: logged, sliced out of the audit, packed.

`take` needs nothing but the archive. As long as there is a counter it asks the certification body
as well and hands in what it heard; then this only logs, slices and packs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils import timezone

from archive import errors
from archive.bag import Bag, written
from archive.models import Record, RecordCertificate
from archive.services import audit, evidence
from archive.services.log import heads, slices

VERIFIER = Path(__file__).parents[1] / "inspector" / "verify_bundle.py"
CERTIFICATE, CHAIN = "certificate/certificate.pem", "certificate/chain.pem"
_README = """Evidence of one certificate. Check it on another machine, without a network:

    python3 verify_bundle.py BUNDLE.zip --head-key KEY.pem --ca CHAIN.pem [--heads HEADS.jsonl]

KEY.pem is the public key of the audit's heads, CHAIN.pem the certification body's certificates.
Take both, and verify_bundle.py too, from where you trust, not from this bundle. HEADS.jsonl is a
copy of the signed heads that left the counter's machine in time. What the bundle cannot hold
stands in data/not-kept.txt. By hand, the signature over everything:

    openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin \\
        -in tagmanifest-sha256.txt -sigfile signature.bin
    sha256sum -c tagmanifest-sha256.txt manifest-sha256.txt

Докази о једном сертификату. Проверавају се на другом рачунару, без мреже, првом наредбом одозго.
"""


class EvidenceMissingError(errors.ArchiveError):
    """The record does not have the evidence of this certificate: the counter has it still."""


@dataclass(frozen=True)
class Bundle:
    """The file on its way out; its name holds the certificate's serial number, nobody's name."""

    name: str
    data: bytes


@dataclass(frozen=True)
class About:
    """What a bundle is of."""

    serial: str
    case_number: str
    office: str  # name


def take(record: Record, serial: str, *, reason: str, by: audit.Actor | None) -> Bundle:
    """Return the bundle from what the archive has, and log who took it and why.

    Raises EvidenceMissingError, store.StoreError, slices.UncoveredError.
    """
    files = evidence.files(record, serial)
    if not files:
        raise EvidenceMissingError(serial)
    about = About(serial, record.case_number, record.office_name)
    log(about, reason, by=by)
    files |= sliced(_audited(record, serial)) | {"status.json": written(_status(record, serial))}
    return packed(about, files)


def log(about: About, reason: str, *, by: audit.Actor | None) -> None:
    """Write into the case's own stream, under a head: the bundle then says that it was taken."""
    facts = {"serial": about.serial, "reason": reason}
    with audit.transaction():
        audit.append("evidence.take", subject=about.case_number, by=by, facts=facts)
    audit.sign_head()


def sliced(events: Q) -> dict[str, bytes]:
    """Return the audit's part of a bundle; raise slices.UncoveredError."""
    told, lines = slices.of(events)
    return {"audit/events.json": written(told), "audit/heads.jsonl": lines}


def packed(about: About, payload: Mapping[str, bytes]) -> Bundle:
    info = {
        "Source-Organization": about.office,
        "External-Identifier": about.serial,
        "Internal-Sender-Identifier": about.case_number,
    }
    beside = {VERIFIER.name: VERIFIER.read_bytes(), "README.txt": _README.encode()}
    name = f"evidence-{about.serial}"
    bag = Bag(name, payload, beside, info, timezone.now())
    return Bundle(f"{name}.zip", bag.packed(heads.sign))


def _audited(record: Record, serial: str) -> Q:
    """Return which events are the case's, and the end that the successor's case tells of."""
    later = Record.objects.filter(certificates__renews=serial).values_list("case_number", flat=True)
    ended = Q(subject__in=list(later), event="certificate.revoke", facts__serial=serial)
    return Q(subject__in=[record.case_number, record.file_number]) | ended


def _status(record: Record, serial: str) -> dict[str, Any]:
    """Return what the archive was told last; one that was recalled before the filing is revoked."""
    row = record.certificates.filter(serial=serial).first() or RecordCertificate()
    ended = row.pk is None or row.ended_at is not None
    at = row.ended_at.isoformat() if row.ended_at else None
    asked = row.published_at.isoformat() if row.published_at else record.filed_at.isoformat()
    counter = {"state": "revoked" if ended else "valid", "reason": row.ended_reason, "at": at}
    said = row.published or RecordCertificate.Published.UNKNOWN.value
    return {
        "counter": counter,
        "authority": {"asked_at": asked, "state": said, "reason": "", "at": None},
    }

"""Hands out the evidence bundle of a certificate: a logged act, for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from archive import queries, store
from archive.bag import Bag
from archive.services import audit, heads, slices
from registration import errors
from registration.ca.base import Connector
from registration.ca.errors import CAError
from registration.models import Application, Certificate, User
from registration.queries import bodies, dossier
from registration.queries import cases as found

VERIFIER = Path(__file__).parents[2] / "archive" / "inspector" / "verify_bundle.py"
_RIGHT = "archive.view_recordfile"
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


@dataclass(frozen=True)
class Bundle:
    """The file on its way out; its name holds the certificate's serial number, nobody's name."""

    name: str
    data: bytes


def visible(serial: str, *, by: User) -> Certificate | None:
    """Return the proven certificate, if this person may take its evidence; a refusal is logged."""
    proven = Certificate.objects.filter(serial=serial, issuance__confirmed_at__isnull=False)
    certificate = proven.select_related("application__office", "issuance__desk").first()
    if certificate is None:
        return None
    if by.has_perm(_RIGHT) and _may(certificate.application, by):
        return certificate
    audit.refuse(
        "evidence.take",
        subject=certificate.application.number,
        by=by,
        reason="another office's case, or no right to it",
        facts={"serial": serial},
    )
    return None


def _may(case: Application, by: User) -> bool:
    """Officers see their own office's cases; who keeps the archive what has come into it."""
    record = found.record_of(case)
    if record is not None:
        return queries.visible_to(by).filter(pk=record.pk).exists()
    return by.has_perm("registration.view_application") and case.office_id == by.office_id


def take(certificate: Certificate, *, reason: str, by: User | None) -> Bundle:
    """Return the bundle and log who took it and why; `by=None` is the administrator's command.

    Raises ReasonMissingError, CANotReachedError, EvidenceDamagedError.
    """
    if not reason.strip():
        raise errors.ReasonMissingError
    chain_, status = _asked(certificate)
    _log(certificate.application, certificate.serial, reason.strip(), by)
    audit.sign_head()
    try:
        payload = dossier.files(certificate) | _slice(certificate)
    except (store.StoreError, slices.UncoveredError) as fault:
        raise errors.EvidenceDamagedError from fault
    payload |= {"certificate/chain.pem": chain_, "status.json": dossier.written(status)}
    return Bundle(f"evidence-{certificate.serial}.zip", _packed(certificate, payload))


def kit() -> dict[str, bytes]:
    """Return, by name, what an inspector needs beside a bundle and should have before it.

    Raises CANotReachedError.
    """
    audit.sign_head()
    return {
        VERIFIER.name: VERIFIER.read_bytes(),
        heads.PUBLIC_KEY: heads.public_key(),
        heads.heads_file().name: heads.heads_file().read_bytes(),
    } | _chains()


def _chains() -> dict[str, bytes]:
    """Return the chain of each body that issued anything; before that, of the default one."""
    named = Certificate.objects.order_by().values_list("issuance__body", flat=True).distinct()
    try:
        return {
            f"chain-{name}.pem" if name else "chain.pem": _chain(bodies.connector(name))
            for name in set(named) or {bodies.DEFAULT}
        }
    except CAError as fault:
        raise bodies.refusal(fault) from fault


def _chain(connector: Connector) -> bytes:
    parts = [x509.load_der_x509_certificate(der) for der in connector.chain()]
    return b"".join(part.public_bytes(Encoding.PEM) for part in parts)


def _asked(certificate: Certificate) -> tuple[bytes, dict[str, Any]]:
    """Return its body's chain and what that says of the certificate now, beside our own word."""
    try:
        connector = bodies.of(certificate.issuance)
        pem = _chain(connector)
    except CAError as fault:
        raise bodies.refusal(fault) from fault
    revoked = certificate.revoked_at
    counter = {
        "state": "revoked" if revoked else "valid",
        "reason": certificate.revocation_reason,
        "at": revoked.isoformat() if revoked else None,
    }
    return pem, {"counter": counter, "authority": _authority(connector, certificate)}


def _authority(connector: Connector, certificate: Certificate) -> dict[str, Any]:
    asked = {"asked_at": timezone.now().isoformat()}
    try:
        status = connector.status(int(certificate.serial, 16))
    except CAError as fault:
        return asked | {"state": "unknown", "reason": fault.reason, "at": None}
    at = status.at.isoformat() if status.at else None
    return asked | {"state": str(status.state), "reason": status.reason, "at": at}


def _log(case: Application, serial: str, reason: str, by: User | None) -> None:
    """Write into the case's own stream: the bundle itself then says that it was taken."""
    facts = {"serial": serial, "reason": reason}
    with audit.transaction():
        audit.append("evidence.take", subject=case.number, by=by, facts=facts)


def _slice(certificate: Certificate) -> dict[str, bytes]:
    events, lines = slices.of(dossier.audited(certificate))
    return {"audit/events.json": dossier.written(events), "audit/heads.jsonl": lines}


def _packed(certificate: Certificate, payload: Mapping[str, bytes]) -> bytes:
    info = {
        "Source-Organization": certificate.application.office.name,
        "External-Identifier": certificate.serial,
        "Internal-Sender-Identifier": certificate.application.number,
    }
    beside = {
        VERIFIER.name: VERIFIER.read_bytes(),
        "README.txt": _README.encode(),
    }
    bag = Bag(f"evidence-{certificate.serial}", payload, beside, info, timezone.now())
    return bag.packed(heads.sign)

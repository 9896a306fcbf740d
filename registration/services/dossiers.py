"""Hands out the evidence bundle of a certificate: a logged act, for a reason."""

from typing import Any

from django.utils import timezone

from archive import queries, store
from archive.services import audit, inspection
from archive.services.log import heads, slices
from registration import errors
from registration.ca.base import Connector
from registration.ca.errors import CAError
from registration.models import Application, Certificate, User
from registration.queries import bodies, dossier
from registration.queries import cases as found

_RIGHT = "archive.view_recordfile"


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
    record = found.record_of(case) or found.stub_of(case)
    if record is not None:
        return queries.visible_to(by).filter(pk=record.pk).exists()
    return by.has_perm("registration.view_application") and case.office_id == by.office_id


def take(certificate: Certificate, *, reason: str, by: User | None) -> inspection.Bundle:
    """Return the bundle and log who took it and why; `by=None` is the administrator's command.

    Raises ReasonMissingError, PersonGoneError, CANotReachedError, EvidenceDamagedError.
    """
    if not reason.strip():
        raise errors.ReasonMissingError
    if found.stub_of(certificate.application):
        raise errors.PersonGoneError
    chain_, status = _asked(certificate)
    case = certificate.application
    about = inspection.About(certificate.serial, case.number, case.office.name)
    inspection.log(about, reason.strip(), by=by)
    try:
        payload = dossier.files(certificate) | inspection.sliced(dossier.audited(certificate))
    except (store.StoreError, slices.UncoveredError) as fault:
        raise errors.EvidenceDamagedError from fault
    payload |= {inspection.CHAIN: chain_, "status.json": dossier.written(status)}
    return inspection.packed(about, payload)


def kit() -> dict[str, bytes]:
    """Return, by name, what an inspector needs beside a bundle and should have before it.

    Raises CANotReachedError.
    """
    audit.sign_head()
    return {
        inspection.VERIFIER.name: inspection.VERIFIER.read_bytes(),
        heads.PUBLIC_KEY: heads.public_key(),
        heads.heads_file().name: heads.heads_file().read_bytes(),
    } | _chains()


def _chains() -> dict[str, bytes]:
    """Return the chain of each body that issued anything; before that, of the default one."""
    named = Certificate.objects.order_by().values_list("issuance__body", flat=True).distinct()
    try:
        return {
            f"chain-{name}.pem" if name else "chain.pem": dossier.chain(bodies.connector(name))
            for name in set(named) or {bodies.DEFAULT}
        }
    except CAError as fault:
        raise bodies.refusal(fault) from fault


def _asked(certificate: Certificate) -> tuple[bytes, dict[str, Any]]:
    """Return its body's chain and what that says of the certificate now, beside our own word."""
    try:
        connector = bodies.of(certificate.issuance)
        pem = dossier.chain(connector)
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

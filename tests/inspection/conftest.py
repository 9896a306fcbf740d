"""Two cases that went all the way into the archive, their bundles, and who checks them."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from archive.models import Record
from archive.services import audit, inspection
from archive.services.log import heads
from registration import ca
from registration.ca import transcript
from registration.ca.embedded.authority import EmbeddedCA
from registration.models import Certificate
from registration.services import dossiers, transcripts
from tests.inspection.evidence import Inspector
from tests.registration import dropped, making
from tests.stories import filed


@dataclass(frozen=True)
class Taken:
    """Bundles of the certificates for signing of two cases; the second case's other one."""

    first: bytes
    second: bytes
    authentication: bytes
    dropped: bytes  # the second case's first again, when the counter has dropped the person
    archived: bytes  # and from the archive alone
    inspector: Inspector
    stranger: Inspector  # who was given another office's key and chain


@pytest.fixture(scope="session")
def taken(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Taken:
    """Make the cases once; what was made for them is gone when the tests begin."""
    folder = tmp_path_factory.mktemp("inspector")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setitem(settings.OVERA, "AUDIT_HEADS", folder / "heads.jsonl")
        bundles = _bundles()
        transaction.set_rollback(True)
    return Taken(*bundles, *_inspectors(folder))


def _bundles() -> tuple[bytes, ...]:
    """Take them as the story goes on: each is covered by heads of its own."""
    officer, desk = filed.place()
    first = making.filed(officer, desk)
    audit.sign_head()
    second = making.filed(officer, desk)
    for each in Certificate.objects.filter(application=second, role="signing"):
        _speak_about(each)
    wanted = [(first, "signing"), (second, "signing"), (second, "authentication")]
    found = [Certificate.objects.get(application=case, role=role) for case, role in wanted]
    bundles = [dossiers.take(each, reason="надзор", by=officer).data for each in found]
    again = Certificate.objects.get(application=dropped.drop(second), role="signing")
    late = dossiers.take(again, reason="надзор", by=officer)
    record = Record.objects.get(reference=second.number)
    alone = inspection.take(record, again.serial, reason="надзор", by=officer)
    return *bundles, late.data, alone.data


def _speak_about(certificate: Certificate) -> None:
    """Keep messages as a body's protocol would wrap request and certificate."""
    request = x509.load_pem_x509_csr(certificate.issuance.request.encode())
    der = x509.load_pem_x509_certificate(certificate.pem.encode())
    form = serialization.Encoding.DER
    with transcripts.kept(certificate.issuance):
        with transcript.exchange("genm", b"asked in vain"):
            pass
        with transcript.exchange("p10cr", b"asked %b" % request.public_bytes(form)) as exchange:
            exchange.answered(b"given %b" % der.public_bytes(form))


def _inspectors(folder: Path) -> tuple[Inspector, Inspector]:
    own = folder / "chain.pem"
    own.write_bytes(_pem(ca.connect(settings.OVERA).chain()))
    inspector = Inspector(folder, folder / heads.PUBLIC_KEY, own, folder / "heads.jsonl")
    other, key = folder / "other.pem", folder / "other.key.pem"
    other.write_bytes(_pem(EmbeddedCA(folder / "ca").chain()))
    public = Ed25519PrivateKey.generate().public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    key.write_bytes(public.public_bytes(serialization.Encoding.PEM, form))
    return inspector, replace(inspector, key=key, ca=other)


def _pem(chain: tuple[bytes, ...]) -> bytes:
    parts = (x509.load_der_x509_certificate(der) for der in chain)
    return b"".join(part.public_bytes(serialization.Encoding.PEM) for part in parts)

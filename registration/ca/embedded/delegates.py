"""Who signs the embedded body's status answers: a key of its own, certified for that alone.

RFC 6960, 4.2.2.2: the certificate comes from the issuing CA itself, carries the usage OCSPSigning
and is not to be checked in its turn (id-pkix-ocsp-nocheck); so it lives for a month only.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from registration.ca import keys, profiles
from registration.ca.embedded import files, hierarchy
from registration.ca.embedded.hierarchy import Hierarchy
from registration.ca.keys import PrivateKey, PublicKey

LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Delegate:
    certificate: x509.Certificate
    key: PrivateKey


def current(folder: Path, body: Hierarchy, now: datetime) -> Delegate:
    """Return the newest delegate; a new one when half of its life has passed."""
    number = max((int(path.name) for path in folder.glob("[0-9]*")), default=0)
    if number:
        delegate = _load(folder / f"{number:06}")
        if now < delegate.certificate.not_valid_after_utc - LIFE / 2:
            return delegate
    following = folder / f"{number + 1:06}"
    files.publish_folder(following, _contents(body, now))
    return _load(following)


def _load(folder: Path) -> Delegate:
    passphrase = (folder / "passphrase").read_bytes()
    return Delegate(
        certificate=x509.load_der_x509_certificate((folder / "responder.cer").read_bytes()),
        key=hierarchy.unseal(folder / "responder.key", passphrase),
    )


def _contents(body: Hierarchy, now: datetime) -> dict[str, bytes]:
    passphrase = secrets.token_urlsafe(32).encode()
    key = keys.generate(keys.kind_of(body.key.public_key()))
    certificate = _sign(key.public_key(), body, now)
    return {
        "passphrase": passphrase,
        "responder.key": hierarchy.seal(key, passphrase),
        "responder.cer": certificate.public_bytes(serialization.Encoding.DER),
    }


def _sign(key: PublicKey, body: Hierarchy, now: datetime) -> x509.Certificate:
    issuer_key = body.key.public_key()
    usage = x509.KeyUsage(**{each: each == "digital_signature" for each in profiles.USAGES})
    builder = (
        x509.CertificateBuilder()
        .subject_name(hierarchy.name("OCSP"))
        .issuer_name(body.issuing.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(min(now + LIFE, body.issuing.not_valid_after_utc))
    )
    for extension, critical in (
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
        (usage, True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
        (x509.OCSPNoCheck(), False),
    ):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(body.key, body.hash_algorithm)

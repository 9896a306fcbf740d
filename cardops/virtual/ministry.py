"""A ministry that signs the data of virtual cards; its keys are made when it is needed first."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs7,
)
from cryptography.x509.oid import NameOID

_YEARS = timedelta(days=3652)


@dataclass(frozen=True)
class Ministry:
    """Its CA, and a signer below it."""

    authority: x509.Certificate
    authority_key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def new(cls, began: datetime | None = None) -> Self:
        """Make one that `began` an hour ago, or earlier."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Synthetic ministry CA, development only")
        since = began or datetime.now(UTC) - timedelta(hours=1)
        authority = _certificate(name, name, key, key.public_key(), since, ca=True)
        return cls(authority, key, authority, key).with_signer(_name("Synthetic signer of cards"))

    def with_signer(self, name: x509.Name) -> Self:
        """Return the same ministry with another signer, certified by the same CA."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, since = self.authority.subject, self.authority.not_valid_before_utc
        certificate = _certificate(
            name, issuer, self.authority_key, key.public_key(), since, ca=False
        )
        return replace(self, certificate=certificate, key=key)

    @property
    def pem(self) -> str:
        """The CA's certificate, which a desk has to trust."""
        return self.authority.public_bytes(Encoding.PEM).decode()

    def sign(self, contents: Iterable[bytes]) -> bytes:
        """Return a PKCS#7 signature (DER) over the SHA-256 hashes of the contents."""
        listed = b"".join(hashlib.sha256(content).digest() for content in contents)
        builder = pkcs7.PKCS7SignatureBuilder().set_data(listed)
        builder = builder.add_signer(self.certificate, self.key, hashes.SHA256())
        options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
        return builder.sign(Encoding.DER, options)

    def to_json(self) -> dict[str, str]:
        return {
            "authority": self.pem,
            "authority_key": _written(self.authority_key),
            "certificate": self.certificate.public_bytes(Encoding.PEM).decode(),
            "key": _written(self.key),
        }

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Self:
        return cls(
            x509.load_pem_x509_certificate(data["authority"].encode()),
            _read(data["authority_key"]),
            x509.load_pem_x509_certificate(data["certificate"].encode()),
            _read(data["key"]),
        )


def _written(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _read(text: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(text.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the ministry's keys are EC keys")
    return key


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePublicKey,
    began: datetime,
    *,
    ca: bool,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + _YEARS)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )

"""A certification body with a root, its certificates in a folder, and certificates for nobody."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

YEAR = timedelta(days=365)
SUBJECT = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "RS"),
        x509.NameAttribute(NameOID.SERIAL_NUMBER, "PNORS-0101990610020"),
        x509.NameAttribute(NameOID.COMMON_NAME, "МИЛИЦА ЂОРЂЕВИЋ 009876543 Sign"),
    ]
)


@dataclass(frozen=True)
class Body:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def certify(
        self, subject: x509.Name, key: CertificatePublicKeyTypes, first: datetime, last: datetime
    ) -> x509.Certificate:
        issuer = self.certificate.subject
        return (
            x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
            .not_valid_before(first)
            .not_valid_after(last)
            .sign(self.key, hashes.SHA256())
        )

    def for_card(self, *, first: timedelta = -YEAR, last: timedelta = YEAR) -> bytes:
        """Return a certificate valid from and until then, counted from now."""
        now = datetime.now(UTC)
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        return self.certify(SUBJECT, key, now + first, now + last).public_bytes(Encoding.DER)


def hierarchy(folder: Path) -> Body:
    """Return an issuing body; its certificate and its root's lie in the folder."""
    now = datetime.now(UTC)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = Body(root_key, _self_signed(root_key, now))
    key = ec.generate_private_key(ec.SECP256R1())
    issuing = root.certify(_named("Issuing"), key.public_key(), now - YEAR, now + YEAR)
    (folder / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    (folder / "issuing.cer").write_bytes(issuing.public_bytes(Encoding.DER))
    return Body(key, issuing)


def _self_signed(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = _named("Root")
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - YEAR)
        .not_valid_after(now + YEAR)
        .sign(key, hashes.SHA256())
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

"""A certification body of a test run: root, issuing body, a seal's and a time-stamper's keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEAR = timedelta(days=365)
_NAME = "Печат ПУ Београд"  # whose seal the tests make
_serials = count(1000)


@dataclass(frozen=True)
class Identity:
    """A key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def name(self) -> str:
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self, passphrase: bytes = b"") -> bytes:
        protection = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


@dataclass(frozen=True)
class PKI:
    """Everybody's certificates; revocation lists lie at `address`."""

    address: str
    root: Identity
    body: Identity
    seal: Identity
    stamper: Identity

    @classmethod
    def make(cls, address: str) -> "PKI":
        """Make keys; the seal's certificate ends years before the time-stamper's."""
        root = _authority("Root of the tests", None, address)
        body = _authority("Issuing body of the tests", root, address)
        seal = issue(body, _NAME, address)
        stamper = issue(body, "Time of the tests", address, years=12, usage=TIMESTAMPING)
        return cls(address, root, body, seal, stamper)

    def lists(self) -> dict[str, bytes]:
        """Return the revocation lists (DER) by their path; nothing is revoked."""
        return {name(each): revocations(each, ()) for each in (self.root, self.body)}


TIMESTAMPING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])


def issue(
    issuer: Identity,
    common_name: str,
    address: str,
    *,
    years: float = 3,
    usage: x509.ExtendedKeyUsage | None = None,
    since: datetime | None = None,
) -> Identity:
    """Certify a new P-256 key for signing."""
    key = ec.generate_private_key(ec.SECP256R1())
    start = since or datetime.now(UTC) - timedelta(days=1)
    builder = _builder(common_name, issuer.certificate.subject, key, start, years)
    builder = builder.add_extension(_key_usage(signs=True), critical=True)
    builder = builder.add_extension(_constraints(ca=False), critical=True)
    if usage:
        builder = builder.add_extension(usage, critical=True)
    return Identity(key, _signed(builder, issuer, address))


def revocations(issuer: Identity, revoked: Sequence[Identity]) -> bytes:
    """Return the issuer's revocation list (DER), good for a week."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + timedelta(days=7))
        .add_extension(x509.CRLNumber(next(_serials)), critical=False)
        .add_extension(_issuer_of(issuer), critical=False)
    )
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
        builder = builder.add_revoked_certificate(
            entry.revocation_date(now - timedelta(hours=2)).build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def name(issuer: Identity) -> str:
    """Return the path under which the issuer's revocation list lies."""
    return f"/{issuer.certificate.serial_number}.crl"


def write_key_file(folder: Path, pki: PKI, passphrase: bytes) -> Path:
    """Write the seal as PKCS#12 with its chain."""
    path = folder / "seal.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal",
            pki.seal.key,
            pki.seal.certificate,
            [pki.body.certificate],
            BestAvailableEncryption(passphrase),
        )
    )
    return path


def _authority(common_name: str, issuer: Identity | None, address: str) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    start = datetime.now(UTC) - timedelta(days=30)
    parent = issuer.certificate.subject if issuer else _named(common_name)
    builder = _builder(common_name, parent, key, start, 25)
    builder = builder.add_extension(_key_usage(signs=False), critical=True)
    builder = builder.add_extension(_constraints(ca=True), critical=True)
    if issuer:
        return Identity(key, _signed(builder, issuer, address))
    return Identity(key, builder.sign(key, hashes.SHA256()))


def _builder(
    common_name: str,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    start: datetime,
    years: float,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(common_name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(next(_serials))
        .not_valid_before(start)
        .not_valid_after(start + years * YEAR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, issuer: Identity, address: str) -> x509.Certificate:
    place = x509.DistributionPoint(
        [x509.UniformResourceIdentifier(address + name(issuer))], None, None, None
    )
    builder = builder.add_extension(_issuer_of(issuer), critical=False)
    builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def _issuer_of(issuer: Identity) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _constraints(*, ca: bool) -> x509.BasicConstraints:
    return x509.BasicConstraints(ca=ca, path_length=None)


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    """Return what a signer's key is for, or an authority's."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )

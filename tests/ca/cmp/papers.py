"""Keys and certificates of those who sign CMP messages or speak TLS, as PEM files."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from registration.ca import keys

YEAR = timedelta(days=365)


def write(path: Path, *certificates: bytes) -> Path:
    parsed = [x509.load_der_x509_certificate(each) for each in certificates]
    path.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in parsed))
    return path


def write_key(path: Path, key: keys.PrivateKey) -> Path:
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@dataclass(frozen=True)
class Signer:
    """Somebody with a certificate; without an issuer their own root."""

    name: str
    kind: str = "P-256"
    issuer: "Signer | None" = None
    may_sign: bool = True
    age: timedelta = timedelta(days=1)
    address: str = ""  # of a server
    key: keys.PrivateKey = field(init=False)
    certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", keys.generate(self.kind))
        object.__setattr__(self, "certificate", self._signed())

    @property
    def subject(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    def files(self, folder: Path) -> tuple[Path, Path]:
        """Write key and certificates, its own first."""
        chain = [self.certificate] + ([self.issuer.certificate] if self.issuer else [])
        ders = [each.public_bytes(Encoding.DER) for each in chain]
        return write_key(folder / f"{self.name}.key", self.key), write(
            folder / f"{self.name}.pem", *ders
        )

    def _signed(self) -> x509.Certificate:
        issuer, start = self.issuer or self, datetime.now(UTC) - self.age
        root = self.issuer is None
        builder = x509.CertificateBuilder(
            issuer_name=issuer.subject,
            subject_name=self.subject,
            public_key=self.key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=start.replace(tzinfo=None),
            not_valid_after=(start + YEAR).replace(tzinfo=None),
        )
        known = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        for value, critical in (
            (x509.BasicConstraints(ca=root, path_length=None), True),
            (self._usage(root=root), True),
            (known, False),
            (of_issuer, False),
        ):
            builder = builder.add_extension(value, critical=critical)
        if self.address:
            host = x509.IPAddress(ip_address(self.address))
            builder = builder.add_extension(x509.SubjectAlternativeName([host]), critical=False)
        return builder.sign(issuer.key, keys.hash_of(issuer.key.public_key()))

    def _usage(self, *, root: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=self.may_sign,
            content_commitment=not self.may_sign,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=root,
            crl_sign=root,
            encipher_only=False,
            decipher_only=False,
        )

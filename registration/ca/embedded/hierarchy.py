"""Root and issuing CA of the embedded body: made at first use, kept in one folder."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, ObjectIdentifier

from registration.ca import keys, validity
from registration.ca.embedded import files
from registration.ca.keys import PrivateKey, PublicKey

ORGANIZATION = "Overa RAZVOJ (nije za upotrebu)"
_ANY_POLICY = ObjectIdentifier("2.5.29.32.0")
_CPS = "https://ca.example.rs/cps"
_ROOT_ADDRESS = "http://ca.example.rs/root.cer"
_ROOT_YEARS = 20
_ISSUING_YEARS = 10


@dataclass(frozen=True)
class Hierarchy:
    root: x509.Certificate
    issuing: x509.Certificate
    key: PrivateKey  # of the issuing CA

    @property
    def hash_algorithm(self) -> hashes.SHA256 | hashes.SHA384:
        """Return the hash that goes with the issuing key."""
        return keys.hash_of(self.key.public_key())


def load_or_make(folder: Path, key_kind: str) -> Hierarchy:
    """Load what the folder holds; `key_kind` counts only where there is nothing yet."""
    if not folder.is_dir():
        files.publish_folder(folder, _contents(key_kind))
    return Hierarchy(
        root=x509.load_der_x509_certificate((folder / "root.cer").read_bytes()),
        issuing=x509.load_der_x509_certificate((folder / "issuing.cer").read_bytes()),
        key=unseal(folder / "issuing.key", (folder / "passphrase").read_bytes()),
    )


def _contents(key_kind: str) -> dict[str, bytes]:
    passphrase = secrets.token_urlsafe(32).encode()
    root_key, issuing_key = keys.generate(key_kind), keys.generate(key_kind)
    now = datetime.now(UTC).replace(microsecond=0)
    root = _sign_root(root_key, now)
    issuing = _sign_issuing(issuing_key.public_key(), root, root_key, now)
    return {
        "passphrase": passphrase,
        "root.key": seal(root_key, passphrase),
        "issuing.key": seal(issuing_key, passphrase),
        "root.cer": root.public_bytes(serialization.Encoding.DER),
        "issuing.cer": issuing.public_bytes(serialization.Encoding.DER),
    }


def seal(key: PrivateKey, passphrase: bytes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )


def unseal(file: Path, passphrase: bytes) -> PrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), passphrase)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError(f"{file.name} is neither an EC nor an RSA key")
    return key


def _sign_root(key: PrivateKey, now: datetime) -> x509.Certificate:
    itself = name("Root CA")
    builder = _base(itself, itself, key.public_key(), key.public_key(), now, _ROOT_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(key, keys.hash_of(key.public_key()))


def _sign_issuing(
    key: PublicKey,
    root: x509.Certificate,
    root_key: PrivateKey,
    now: datetime,
) -> x509.Certificate:
    builder = _base(
        name("Issuing CA"), root.subject, key, root_key.public_key(), now, _ISSUING_YEARS
    )
    policy = x509.PolicyInformation(_ANY_POLICY, [_CPS])
    at_root = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(_ROOT_ADDRESS)
    )
    for extension, critical in (
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (x509.CertificatePolicies([policy]), False),
        (x509.AuthorityInformationAccess([at_root]), False),
    ):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(root_key, keys.hash_of(root_key.public_key()))


def _base(
    subject: x509.Name,
    issuer: x509.Name,
    key: PublicKey,
    issuer_key: PublicKey,
    now: datetime,
    years: int,
) -> x509.CertificateBuilder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(validity.after_years(now, years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(_ca_usage(), critical=True)
    )
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    return builder.add_extension(identifier, critical=False)


def _ca_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def name(role: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "RS"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{ORGANIZATION} {role}"),
        ]
    )

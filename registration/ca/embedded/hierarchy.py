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
from registration.ca.embedded import files, inside
from registration.ca.errors import CARefusedError
from registration.ca.keys import PrivateKey, PublicKey
from registration.tokens import Token

ORGANIZATION = "Overa RAZVOJ (nije za upotrebu)"
_ANY_POLICY = ObjectIdentifier("2.5.29.32.0")
_CPS = "https://ca.example.rs/cps"
_ROOT_ADDRESS = "http://ca.example.rs/root.cer"
_ROOT_YEARS = 20
_ISSUING_YEARS = 10
_IDENTIFIER = 16  # bytes


@dataclass(frozen=True)
class Hierarchy:
    root: x509.Certificate
    issuing: x509.Certificate
    key: PrivateKey  # of the issuing CA

    @property
    def inside(self) -> bool:
        """Tell whether the issuing key lies inside of a token."""
        return isinstance(self.key, inside.Inside)

    @property
    def hash_algorithm(self) -> hashes.SHA256 | hashes.SHA384:
        """Return the hash that goes with the issuing key."""
        return keys.hash_of(self.key.public_key())


@dataclass(frozen=True)
class Custody:
    """How the keys are kept: both in files encrypted with a passphrase, or the issuing one inside.

    `passphrase`: a file of it elsewhere; without one it is made and lies beside the keys.
    """

    passphrase: Path | None = None
    token: Token | None = None

    def read(self, folder: Path) -> bytes:
        """Return the passphrase of the keys in the folder."""
        beside = folder / "passphrase"
        if not beside.exists():
            return self.chosen()
        if self.passphrase:
            raise _locked("passphrase-kept-beside")
        return beside.read_bytes()

    def chosen(self) -> bytes:
        """Return the passphrase for new keys."""
        if self.passphrase is None:
            return secrets.token_urlsafe(32).encode()
        secret = self.passphrase.read_bytes().rstrip(b"\r\n")
        if not secret:
            raise _locked("passphrase-empty")
        return secret

    def beside(self, secret: bytes) -> dict[str, bytes]:
        """Return what of the passphrase is kept in the folder of the keys."""
        return {} if self.passphrase else {"passphrase": secret}


FILES = Custody()


def load_or_make(folder: Path, key_kind: str, custody: Custody = FILES) -> Hierarchy:
    """Load what the folder holds; `key_kind` counts only where there is nothing yet.

    Raises CARefusedError where the issuing key is kept in another way than is asked for, and
    TokenError.
    """
    if not folder.is_dir():
        _make(folder, key_kind, custody)
    issuing = x509.load_der_x509_certificate((folder / "issuing.cer").read_bytes())
    return Hierarchy(
        root=x509.load_der_x509_certificate((folder / "root.cer").read_bytes()),
        issuing=issuing,
        key=_issuing_key(folder, issuing, custody),
    )


def _issuing_key(folder: Path, issuing: x509.Certificate, custody: Custody) -> PrivateKey:
    place = folder / "issuing.id"
    if place.exists() != (custody.token is not None):
        raise _locked("issuing-key-kept-elsewhere")
    if custody.token is None:
        try:
            return unseal(folder / "issuing.key", custody.read(folder))
        except ValueError as fault:
            raise _locked("passphrase-wrong") from fault
    public = keys.require(issuing.public_key())
    return inside.key(inside.Place(custody.token, place.read_bytes()), public)


def _locked(reason: str) -> CARefusedError:
    """Nothing was asked for: what waits goes on when the administrator has seen to it."""
    return CARefusedError(reason, retryable=True)


def _make(folder: Path, key_kind: str, custody: Custody) -> None:
    """Make both keys; of two processes one wins, a key that the other made inside is destroyed."""
    secret = custody.chosen()
    if custody.token is None:
        own = keys.generate(key_kind)
        kept = _signed(key_kind, own.public_key(), secret) | {"issuing.key": seal(own, secret)}
        files.publish_folder(folder, kept | custody.beside(secret))
        return
    place = inside.Place(custody.token, secrets.token_bytes(_IDENTIFIER))
    kept = _signed(key_kind, place.make(key_kind), secret) | {"issuing.id": place.identifier}
    files.publish_folder(folder, kept | custody.beside(secret))
    if (folder / "issuing.id").read_bytes() != place.identifier:
        place.destroy()


def _signed(key_kind: str, issuing_key: PublicKey, secret: bytes) -> dict[str, bytes]:
    """Return a new root with its key, and what it signs for the issuing key."""
    root_key, now = keys.generate(key_kind), datetime.now(UTC).replace(microsecond=0)
    root = _sign_root(root_key, now)
    issuing = _sign_issuing(issuing_key, root, root_key, now)
    return {
        "root.key": seal(root_key, secret),
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

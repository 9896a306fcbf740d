"""Foreign programs at the card in the reader, and openssl to judge what they bring back."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

OPENSC = "opensc-pkcs11.so"


def run(folder: Path, *command: str) -> str:
    """Return what the program said; it worked in `folder` and ended well."""
    ended = attempt(folder, *command)
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


def attempt(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=60,
        check=False,
    )


def yubico(folder: Path, *arguments: str) -> str:
    return run(folder, "yubico-piv-tool", "--reader", "Virtual PCD", *arguments)


def pkcs11(folder: Path, *arguments: str) -> str:
    return run(folder, "pkcs11-tool", "--module", OPENSC, *arguments)


def pkcs15(folder: Path, *arguments: str) -> str:
    return run(folder, "pkcs15-tool", *arguments)


def certificate_for(key: CertificatePublicKeyTypes) -> x509.Certificate:
    """Certify a key by nobody in particular."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Марко")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(name, name, key, x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )


def write(path: Path, certificate: x509.Certificate) -> str:
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return path.name

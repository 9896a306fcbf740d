"""The certificates of the ministry's CAs that a desk trusts, from a folder of files."""

from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    Certificate,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)

from cardops import errors

_PEM = b"-----BEGIN"


def load(folder: Path | None) -> tuple[x509.Certificate, ...]:
    """Return the certificates of every file, none without a folder.

    ConfigurationError names a file that holds none: one that is passed over would make genuine
    cards look forged.
    """
    if folder is None:
        return ()
    if not folder.is_dir():
        raise errors.ConfigurationError(str(folder))
    return tuple(
        x509.Certificate.load(each.public_bytes(Encoding.DER))
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
        for each in _read(path)
    )


def _read(path: Path) -> list[Certificate]:
    try:
        content = path.read_bytes()
        if _PEM in content:
            return load_pem_x509_certificates(content)
        return [load_der_x509_certificate(content)]
    except (OSError, ValueError):
        raise errors.ConfigurationError(path.name) from None

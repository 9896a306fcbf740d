"""The CA files of a desk, and whether the way from a certificate to its root is complete."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from cardops import errors

_SUFFIXES = {".cer", ".crt", ".der", ".pem"}
_PEM = b"-----BEGIN"
_LONGEST = 8  # certificates from the card's to the root


def load(folder: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates that lie in the folder, DER or PEM; ConfigurationError for others."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in _SUFFIXES)
    return tuple(certificate for path in paths for certificate in _read(path))


def _read(path: Path) -> Iterable[x509.Certificate]:
    data = path.read_bytes()
    try:
        if _PEM in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except ValueError as fault:
        raise errors.ConfigurationError(path.name) from fault


def missing_issuer(
    certificate: x509.Certificate, authorities: Sequence[x509.Certificate]
) -> str | None:
    """Return the name of the first issuer that is not there; None when the way is complete."""
    link = certificate
    for _step in range(_LONGEST):
        if link.issuer == link.subject:
            return None
        above = next((each for each in authorities if _has_issued(each, link)), None)
        if above is None:
            break
        link = above
    return named(link.issuer)


def _has_issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


def named(authority: x509.Name) -> str:
    """Return what a certification body is called."""
    names = authority.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else authority.rfc4514_string()

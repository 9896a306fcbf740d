"""Certificates from files, and the names in them."""

from collections.abc import Iterable
from pathlib import Path

from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder_data

from registration.seals.errors import KeyUnusableError


def read(path: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM or DER file. Raises KeyUnusableError."""
    try:
        found = tuple(load_certs_from_pemder_data(path.read_bytes()))
        return tuple(_whole(each) for each in found)
    except OSError as fault:
        raise KeyUnusableError("certificates-unreadable", file=path.name) from fault
    except ValueError as fault:
        raise KeyUnusableError("certificates-damaged", file=path.name) from fault


def load(ders: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.Certificate.load(der) for der in ders)


def name(certificate: x509.Certificate) -> str:
    """Return whose certificate it is: the common name, else the whole subject."""
    common = certificate.subject.native.get("common_name")
    return str(common or certificate.subject.human_friendly)


def _whole(certificate: x509.Certificate) -> x509.Certificate:
    """Parse what is parsed at first use only, so that a damaged file is noticed here."""
    certificate.native  # noqa: B018 - ValueError where it cannot be read
    return certificate

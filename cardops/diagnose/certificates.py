"""A certificate in a few words that do not say whose it is."""

from collections.abc import Iterator

from cryptography import x509
from cryptography.x509.oid import NameOID

from cardops.diagnose import authorities
from cardops.diagnose.findings import CertificateSeen

_SHOWN = 3  # last digits of a number that is masked


def masked(number: str) -> str:
    return "•" * max(0, len(number) - _SHOWN) + number[-_SHOWN:]


def summary(role: str, certificate: x509.Certificate) -> CertificateSeen:
    return CertificateSeen(
        role=role,
        serial=f"{certificate.serial_number:x}",
        subject=", ".join(_numbers(certificate.subject)),
        issuer=authorities.named(certificate.issuer),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def _numbers(subject: x509.Name) -> Iterator[str]:
    """Yield country and identifiers, masked behind their scheme (ETSI EN 319 412-1, 5.1.3)."""
    for attribute in subject.get_attributes_for_oid(NameOID.COUNTRY_NAME):
        yield f"C={attribute.value!s}"
    for attribute in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER):
        scheme, dash, number = str(attribute.value).rpartition("-")
        yield f"{scheme}{dash}{masked(number)}"

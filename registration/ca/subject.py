"""The subject of a certificate: the approved person as RDNs, and as an X.509 name."""

from collections.abc import Iterable, Iterator
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from registration.ca.base import Subject
from registration.ca.errors import CARefusedError

COUNTRY = "RS"
_COMMON_NAME_BYTES = 64  # ub-common-name of RFC 5280, counted in UTF-8 bytes: the strict reading


def build(
    given_name: str, surname: str, jmbg: str, document_number: str, *, one_rdn: bool = False
) -> Subject:
    """RDN order C, GN, SN, serialNumber, serialNumber, CN; a person may have one name only.

    Two identifiers are two RDNs (ETSI EN 319 412-1 section 5.1.3), or share `one_rdn` where the
    profile says so; the CN is never parsed.
    """
    if not (given_name or surname):
        raise CARefusedError("person-without-name")
    serial = NameOID.SERIAL_NUMBER.dotted_string
    person = (serial, f"PNO{COUNTRY}-{jmbg}")
    document = (serial, f"CA:{COUNTRY}-{document_number}")
    parts = (
        (NameOID.COUNTRY_NAME.dotted_string, COUNTRY),
        (NameOID.GIVEN_NAME.dotted_string, given_name),
        (NameOID.SURNAME.dotted_string, surname),
        *([person + document] if one_rdn else [person, document]),
        (NameOID.COMMON_NAME.dotted_string, _common_name(given_name, surname)),
    )
    return tuple(part for part in parts if all(part))


def name(subject: Subject) -> x509.Name:
    """Compose the name; equal ones say the same in the same RDNs, whatever is first in one."""
    try:
        return x509.Name([_rdn(part) for part in subject])
    except ValueError as error:
        raise CARefusedError("subject-malformed") from error


def _rdn(part: tuple[str, ...]) -> x509.RelativeDistinguishedName:
    pairs = zip(part[::2], part[1::2], strict=True)
    return x509.RelativeDistinguishedName(
        [x509.NameAttribute(x509.ObjectIdentifier(oid), value) for oid, value in pairs]
    )


def restore(data: Iterable[Iterable[Any]]) -> Subject:
    """Return what was kept as JSON."""
    return tuple(tuple(str(text) for text in part) for part in data)


def values(name_: x509.Name, oid: x509.ObjectIdentifier) -> tuple[str, ...]:
    return tuple(str(each.value) for each in name_.get_attributes_for_oid(oid))


def shares_rdn(name_: x509.Name) -> bool:
    """Tell whether an RDN of the name holds several values."""
    return any(len(list(rdn)) > 1 for rdn in name_.rdns)


def names(name_: x509.Name, jmbg: str) -> bool:
    """Tell whether a name is that person's, however its identifiers are put into RDNs."""
    found = name_.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return f"PNO{COUNTRY}-{jmbg}" in {each.value for each in found}


def addresses(extensions: x509.Extensions) -> tuple[str, ...]:
    """Return the e-mail addresses in subjectAltName; other kinds of names raise ValueError."""
    try:
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    if not all(isinstance(each, x509.RFC822Name) for each in names):
        raise ValueError("a name that is no e-mail address")
    return tuple(str(each.value) for each in names)


def _common_name(given_name: str, surname: str) -> str:
    """Choose the longest form of the name that fits; a long Cyrillic one may need less."""
    fitting = (form for form in _forms(given_name, surname) if _fits(form))
    return next(fitting, surname[: _COMMON_NAME_BYTES // 4])


def _forms(given_name: str, surname: str) -> Iterator[str]:
    first = given_name.replace("-", " ").split(" ")[0]
    yield f"{given_name} {surname}".strip()
    yield f"{first} {surname}".strip()
    yield f"{first[:1]}. {surname}".strip()
    yield surname


def _fits(text: str) -> bool:
    return len(text.encode()) <= _COMMON_NAME_BYTES

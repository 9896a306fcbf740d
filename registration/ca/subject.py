"""The subject of a certificate: the approved person as RDNs, and back from an X.509 name."""

from collections.abc import Iterator

from cryptography import x509
from cryptography.x509.oid import NameOID

from registration.ca.base import Subject
from registration.ca.errors import CARefusedError

COUNTRY = "RS"
_COMMON_NAME_BYTES = 64  # ub-common-name of RFC 5280, counted in UTF-8 bytes: the strict reading


def build(given_name: str, surname: str, jmbg: str, document_number: str) -> Subject:
    """RDN order C, GN, SN, serialNumber, serialNumber, CN; a person may have one name only.

    Two identifiers are two RDNs (ETSI EN 319 412-1 section 5.1.3); the CN is never parsed.
    """
    if not (given_name or surname):
        raise CARefusedError("person-without-name")
    parts = (
        (NameOID.COUNTRY_NAME, COUNTRY),
        (NameOID.GIVEN_NAME, given_name),
        (NameOID.SURNAME, surname),
        (NameOID.SERIAL_NUMBER, f"PNO{COUNTRY}-{jmbg}"),
        (NameOID.SERIAL_NUMBER, f"CA:{COUNTRY}-{document_number}"),
        (NameOID.COMMON_NAME, _common_name(given_name, surname)),
    )
    return tuple((oid.dotted_string, value) for oid, value in parts if value)


def name(subject: Subject) -> x509.Name:
    """One single-valued RDN for each pair."""
    try:
        return x509.Name(
            [x509.NameAttribute(x509.ObjectIdentifier(oid), value) for oid, value in subject]
        )
    except ValueError as error:
        raise CARefusedError("subject-malformed") from error


def read(name_: x509.Name) -> Subject | None:
    """List the pairs of a name; None when an RDN has several values: `build` makes no such."""
    if any(len(list(rdn)) > 1 for rdn in name_.rdns):
        return None
    return tuple((part.oid.dotted_string, str(part.value)) for part in name_)


def values(subject: Subject, oid: x509.ObjectIdentifier) -> tuple[str, ...]:
    return tuple(value for key, value in subject if key == oid.dotted_string)


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

"""The extension qcStatements (RFC 3739, ETSI EN 319 412-5): to DER and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from cryptography import x509
from cryptography.hazmat import asn1

from registration.ca.profiles import Statements

EXTENSION = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
SYNTAX_V2 = x509.ObjectIdentifier("1.3.6.1.5.5.7.11.2")
COMPLIANCE = x509.ObjectIdentifier("0.4.0.1862.1.1")
ON_DEVICE = x509.ObjectIdentifier("0.4.0.1862.1.4")
DISCLOSURE = x509.ObjectIdentifier("0.4.0.1862.1.5")
PURPOSE = x509.ObjectIdentifier("0.4.0.1862.1.6")


@asn1.sequence
class _Claim:
    identifier: x509.ObjectIdentifier


@asn1.sequence
class _ClaimWithDetail:
    identifier: x509.ObjectIdentifier
    detail: asn1.TLV


@asn1.sequence
class _Semantics:
    identifier: x509.ObjectIdentifier
    authorities: list[Annotated[asn1.IA5String, asn1.Implicit(6)]]  # GeneralName: URI


@asn1.sequence
class _SemanticsClaim:
    identifier: x509.ObjectIdentifier
    detail: _Semantics


@asn1.sequence
class _Location:
    url: asn1.IA5String
    language: asn1.PrintableString


@asn1.sequence
class _DisclosureClaim:
    identifier: x509.ObjectIdentifier
    detail: list[_Location]


@asn1.sequence
class _PurposeClaim:
    identifier: x509.ObjectIdentifier
    detail: list[x509.ObjectIdentifier]


# The library takes no bare list as the outermost value; a list inside a sequence is one.
@asn1.sequence
class _Several:
    items: list[asn1.TLV]


@asn1.sequence
class _Single:
    item: asn1.TLV


@dataclass(frozen=True)
class Found:
    """What a certificate's qcStatements say, as far as our checks ask."""

    identifiers: frozenset[x509.ObjectIdentifier]
    purposes: tuple[str, ...] = ()
    disclosure: tuple[tuple[str, str], ...] = ()  # (language, address)


def encode(statements: Statements) -> x509.UnrecognizedExtension:
    claims = [_tlv(asn1.encode_der(claim)) for claim in _claims(statements)]
    nested = asn1.decode_der(_Single, asn1.encode_der(_Several(items=claims)))
    return x509.UnrecognizedExtension(EXTENSION, asn1.encode_der(nested.item))


def decode(value: bytes) -> Found:
    """Read the extension's value; ValueError when the bytes are no qcStatements."""
    nested = asn1.encode_der(_Single(item=_tlv(value)))
    claims = [asn1.encode_der(item) for item in asn1.decode_der(_Several, nested).items]
    details = {_identifier(claim): claim for claim in claims}
    return Found(
        identifiers=frozenset(details),
        purposes=_read_purposes(details.get(PURPOSE)),
        disclosure=_read_disclosure(details.get(DISCLOSURE)),
    )


def _claims(statements: Statements) -> Iterator[Any]:
    yield _SemanticsClaim(
        identifier=SYNTAX_V2,
        detail=_Semantics(
            identifier=x509.ObjectIdentifier(statements.semantics),
            authorities=[asn1.IA5String(uri) for uri in statements.name_registration_authorities],
        ),
    )
    if statements.qualified:
        yield _Claim(identifier=COMPLIANCE)
    if statements.on_device:
        yield _Claim(identifier=ON_DEVICE)
    if statements.disclosure:
        yield _disclosed(statements)
    if statements.purpose:
        yield _PurposeClaim(identifier=PURPOSE, detail=[x509.ObjectIdentifier(statements.purpose)])


def _disclosed(statements: Statements) -> _DisclosureClaim:
    places = [
        _Location(url=asn1.IA5String(url), language=asn1.PrintableString(language))
        for language, url in statements.disclosure
    ]
    return _DisclosureClaim(identifier=DISCLOSURE, detail=places)


def _tlv(value: bytes) -> Any:
    return asn1.decode_der(asn1.TLV, value)


def _identifier(claim: bytes) -> x509.ObjectIdentifier:
    try:
        return asn1.decode_der(_Claim, claim).identifier
    except ValueError:
        return asn1.decode_der(_ClaimWithDetail, claim).identifier


def _read_purposes(claim: bytes | None) -> tuple[str, ...]:
    if claim is None:
        return ()
    return tuple(oid.dotted_string for oid in asn1.decode_der(_PurposeClaim, claim).detail)


def _read_disclosure(claim: bytes | None) -> tuple[tuple[str, str], ...]:
    if claim is None:
        return ()
    locations = asn1.decode_der(_DisclosureClaim, claim).detail
    return tuple((place.language.as_str(), place.url.as_str()) for place in locations)

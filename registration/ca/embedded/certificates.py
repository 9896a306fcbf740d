"""How the embedded body makes a certificate out of a promise and a profile."""

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID

from registration.ca import keys, profiles, statements, subject
from registration.ca.embedded.hierarchy import Hierarchy
from registration.ca.embedded.ledger import Entry


def sign(entry: Entry, hierarchy: Hierarchy) -> bytes:
    """DER, always the same bytes for the same entry; from a token with another signature."""
    builder = _base(entry, hierarchy.issuing)
    for extension, critical in _extensions(entry, profiles.load(entry.profile), hierarchy):
        builder = builder.add_extension(extension, critical=critical)
    own = isinstance(hierarchy.key, ec.EllipticCurvePrivateKey) and not hierarchy.inside
    certificate = builder.sign(
        hierarchy.key, hierarchy.hash_algorithm, ecdsa_deterministic=own or None
    )
    return certificate.public_bytes(serialization.Encoding.DER)


def _base(entry: Entry, issuing: x509.Certificate) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject.name(entry.subject))
        .issuer_name(issuing.subject)
        .public_key(keys.decode(entry.public_key))
        .serial_number(entry.serial)
        .not_valid_before(entry.not_before)
        .not_valid_after(entry.not_after)
    )


def _extensions(
    entry: Entry, profile: profiles.Profile, hierarchy: Hierarchy
) -> list[tuple[x509.ExtensionType, bool]]:
    issuer_key = hierarchy.key.public_key()
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False),
        (x509.SubjectKeyIdentifier.from_public_key(keys.decode(entry.public_key)), False),
        (_usage(profile), True),
        (_policies(profile), False),
        (_access(profile), False),
        (_distribution(profile), False),
        (statements.encode(profile.statements), False),
    ]
    if entry.email:
        extensions.append((x509.SubjectAlternativeName([x509.RFC822Name(entry.email)]), False))
    return extensions


def _usage(profile: profiles.Profile) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in profile.key_usage for usage in profiles.USAGES})


def _policies(profile: profiles.Profile) -> x509.CertificatePolicies:
    return x509.CertificatePolicies(
        [
            x509.PolicyInformation(
                x509.ObjectIdentifier(policy.oid), [policy.cps] if policy.cps else None
            )
            for policy in profile.policies
        ]
    )


def _access(profile: profiles.Profile) -> x509.AuthorityInformationAccess:
    methods = (
        (AuthorityInformationAccessOID.OCSP, profile.ocsp),
        (AuthorityInformationAccessOID.CA_ISSUERS, profile.ca_issuers),
    )
    return x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(method, x509.UniformResourceIdentifier(address))
            for method, address in methods
        ]
    )


def _distribution(profile: profiles.Profile) -> x509.CRLDistributionPoints:
    place = x509.UniformResourceIdentifier(profile.crl)
    return x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)])

"""Whether a certificate that came back is the one that was approved: before it is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import verification
from cryptography.x509.oid import ExtensionOID, NameOID
from stdnum.si import emso

from registration.ca import keys, profiles, statements, subject, validity
from registration.ca.base import EnrolmentRequest
from registration.ca.errors import CertificateRejectedError

_IDENTIFIER = f"PNO{subject.COUNTRY}-"
_MALFORMED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
_SKEW = timedelta(minutes=5)  # between the body's clock and ours, for the start of validity only


@dataclass(frozen=True)
class _Case:
    """One certificate on the table, with everything that it is held against."""

    certificate: x509.Certificate
    request: EnrolmentRequest
    profile: profiles.Profile
    chain: tuple[x509.Certificate, ...]
    now: datetime
    card_expires: datetime | None
    strict_identifiers: bool

    def extension(self, oid: x509.ObjectIdentifier) -> x509.Extension[x509.ExtensionType] | None:
        try:
            return self.certificate.extensions.get_extension_for_oid(oid)
        except x509.ExtensionNotFound:
            return None


def check(
    certificate: bytes,
    request: EnrolmentRequest,
    chain: tuple[bytes, ...],
    now: datetime,
    card_expires: datetime | None,
    *,
    strict_identifiers: bool = False,
) -> x509.Certificate:
    """Return the parsed certificate, or raise CertificateRejectedError with every finding.

    `chain` is the configured one, issuing CA first, root last; the root is trusted.
    `card_expires` is the card's last moment (`validity.end_of`), None for a permanent card.
    `strict_identifiers` also finds a JMBG with a wrong check digit: never set for foreigners.
    """
    try:
        case = _Case(
            certificate=x509.load_der_x509_certificate(certificate),
            request=request,
            profile=profiles.load(request.profile),
            chain=tuple(x509.load_der_x509_certificate(part) for part in chain),
            now=now,
            card_expires=card_expires,
            strict_identifiers=strict_identifiers,
        )
        findings = tuple(finding for look in _LOOKS for finding in look(case))
    except _MALFORMED as error:
        raise CertificateRejectedError(("malformed",)) from error
    if findings:
        raise CertificateRejectedError(findings)
    return case.certificate


def _look_at_key(case: _Case) -> Iterator[str]:
    requested = x509.load_der_x509_csr(case.request.csr).public_key()
    returned = case.certificate.public_key()
    if keys.encode(returned) != keys.encode(requested):
        yield "other-key"
    if not keys.fits(returned, case.profile):
        yield "key-kind-not-in-profile"


def _look_at_subject(case: _Case) -> Iterator[str]:
    found = case.certificate.subject
    if found != subject.name(case.request.subject):
        yield "other-subject"
    if subject.shares_rdn(found) != case.profile.identifiers_in_one_rdn:
        yield "other-form-of-identifiers"
    if subject.values(found, NameOID.COUNTRY_NAME) != (subject.COUNTRY,):
        yield "other-country"
    if case.strict_identifiers and not _identified(subject.values(found, NameOID.SERIAL_NUMBER)):
        yield "jmbg-check-digit"


def _identified(serial_numbers: tuple[str, ...]) -> bool:
    persons = [text for text in serial_numbers if text.startswith(_IDENTIFIER)]
    return len(persons) == 1 and emso.is_valid(persons[0].removeprefix(_IDENTIFIER))


def _look_at_path(case: _Case) -> Iterator[str]:
    """Signatures, names, CA bits, path length and validity of the chain, by pyca's verifier.

    Only its rules for the leaf are off: they are those of web servers (subjectAltName and extended
    key usage required); the leaf's own fields are what the other looks are for.
    """
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store([case.chain[-1]]))
        .time(case.now)
        .max_chain_depth(len(case.chain) - 1)
        .extension_policies(
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
            ee_policy=verification.ExtensionPolicy.permit_all(),
        )
        .build_client_verifier()
    )
    try:
        verifier.verify(case.certificate, list(case.chain[:-1]))
    except verification.VerificationError:
        yield "no-path"
    if case.certificate.issuer != case.chain[0].subject:
        yield "other-issuer"


def _look_at_validity(case: _Case) -> Iterator[str]:
    start = case.certificate.not_valid_before_utc
    end = case.certificate.not_valid_after_utc
    if start > case.now + _SKEW:
        yield "not-yet-valid"
    if end < case.now:
        yield "expired"
    if case.card_expires and end > case.card_expires:
        yield "past-card-expiry"
    if end > validity.after_years(start, case.profile.validity_years):
        yield "valid-too-long"


def _look_at_usage(case: _Case) -> Iterator[str]:
    usage = case.extension(ExtensionOID.KEY_USAGE)
    if usage is None or not usage.critical or _usages(usage.value) != case.profile.key_usage:
        yield "other-key-usage"
    constraints = case.extension(ExtensionOID.BASIC_CONSTRAINTS)
    if constraints and getattr(constraints.value, "ca", True):
        yield "ca-certificate"


def _usages(value: x509.ExtensionType) -> frozenset[str]:
    """List the usages that are set; encipher and decipher only mean anything with agreement."""
    return frozenset(name for name in profiles.USAGES[:7] if getattr(value, name, False))


def _look_at_policies(case: _Case) -> Iterator[str]:
    extension = case.extension(ExtensionOID.CERTIFICATE_POLICIES)
    value = extension.value if extension else None
    found = {part.policy_identifier.dotted_string for part in _parts(value)}
    if found != {policy.oid for policy in case.profile.policies}:
        yield "other-policies"


def _parts(value: x509.ExtensionType | None) -> Iterator[x509.PolicyInformation]:
    return iter(value) if isinstance(value, x509.CertificatePolicies) else iter(())


def _look_at_statements(case: _Case) -> Iterator[str]:
    extension = case.extension(statements.EXTENSION)
    if extension is None or not isinstance(extension.value, x509.UnrecognizedExtension):
        yield "no-qualified-statements"
        return
    found = statements.decode(extension.value.value)
    wanted = case.profile.statements
    if wanted.qualified != (statements.COMPLIANCE in found.identifiers):
        yield "not-qualified" if wanted.qualified else "qualified"
    if wanted.on_device and statements.ON_DEVICE not in found.identifiers:
        yield "not-on-device"
    if found.purposes != ((wanted.purpose,) if wanted.purpose else ()):
        yield "other-purpose"
    yield from _look_at_disclosure(found, wanted)


def _look_at_disclosure(found: statements.Found, wanted: profiles.Statements) -> Iterator[str]:
    if not {language for language, _ in wanted.disclosure} <= _languages(found):
        yield "no-disclosure-statement"
    if found.disclosure and not wanted.disclosure:
        yield "disclosure-statement"


def _languages(found: statements.Found) -> set[str]:
    """List the languages of the disclosure statements that stand at an https address."""
    return {language for language, url in found.disclosure if url.startswith("https://")}


def _look_at_address(case: _Case) -> Iterator[str]:
    found = subject.addresses(case.certificate.extensions)
    if found != ((case.request.email,) if case.request.email else ()):
        yield "other-email"


_LOOKS = (
    _look_at_key,
    _look_at_subject,
    _look_at_path,
    _look_at_validity,
    _look_at_usage,
    _look_at_policies,
    _look_at_statements,
    _look_at_address,
)

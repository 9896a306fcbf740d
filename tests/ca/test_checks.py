"""Every way in which a certificate can be not the approved one is found before it is written."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtensionOID

from registration.ca import base, checks, profiles, statements, subject, validity
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import CertificateRejectedError
from tests.ca.cards import NOW, TOGETHER, Card, Forger

CARD_EXPIRES = validity.end_of(NOW.date().replace(year=2034))
PROFILE = profiles.load(profiles.STRICT_SIGNING)
EMAIL = "petar@example.rs"


Added = tuple[x509.ExtensionType, bool]


@dataclass(frozen=True)
class Desk:
    body: EmbeddedCA
    forger: Forger
    request: base.EnrolmentRequest
    good: bytes  # the certificate that was approved
    chain: tuple[bytes, ...]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("ca")
    body = EmbeddedCA(folder, clock=lambda: NOW)
    request = Card().request("case-1", EMAIL, CARD_EXPIRES)
    return Desk(
        body=body,
        forger=Forger(folder),
        request=request,
        good=body.enrol(request).certificate,
        chain=body.chain(),
    )


def findings(
    desk: Desk,
    certificate: bytes,
    *,
    request: base.EnrolmentRequest | None = None,
    now: datetime = NOW,
    card_expires: datetime | None = CARD_EXPIRES,
    **options: bool,
) -> tuple[str, ...]:
    """What the check finds; nothing when it returns the certificate."""
    try:
        checked = checks.check(
            certificate, request or desk.request, desk.chain, now, card_expires, **options
        )
    except CertificateRejectedError as error:
        return error.findings
    assert checked == x509.load_der_x509_certificate(certificate)
    return ()


def usage(**bits: bool) -> Added:
    return x509.KeyUsage(**dict.fromkeys(profiles.USAGES, False) | bits), True


def test_the_approved_certificate_passes(desk: Desk) -> None:
    assert findings(desk, desk.good, strict_identifiers=True) == ()


def test_a_permanent_card_sets_no_limit(desk: Desk) -> None:
    assert findings(desk, desk.good, card_expires=None) == ()


def test_noise_is_malformed(desk: Desk) -> None:
    assert findings(desk, b"noise") == ("malformed",)


@pytest.mark.parametrize(
    ("original", "other"),
    [
        ("2a8648ce3d030107", "2a8648ce3d030177"),  # the curve: one that nobody knows
        ("551d1f", "551d0e"),  # the distribution point: a second subject key identifier
    ],
)
def test_what_cannot_be_understood_is_malformed(desk: Desk, original: str, other: str) -> None:
    changed = desk.good.replace(bytes.fromhex(original), bytes.fromhex(other), 1)
    assert findings(desk, changed) == ("malformed",)


def test_other_key(desk: Desk) -> None:
    forged = desk.forger.forge(desk.good, public_key=Card().key.public_key())
    assert findings(desk, forged) == ("other-key",)


def test_short_key(desk: Desk) -> None:
    weak = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 refused below
    forged = desk.forger.forge(desk.good, public_key=weak)
    assert findings(desk, forged) == ("other-key", "key-kind-not-in-profile")


def test_other_name(desk: Desk) -> None:
    other = subject.name(subject.build("Ана", "Анић", "0101990610070", "001234567"))
    assert findings(desk, desk.forger.forge(desk.good, subject=other)) == ("other-subject",)


def test_other_order_of_the_name(desk: Desk) -> None:
    turned = x509.Name(list(reversed(subject.name(desk.request.subject).rdns)))
    assert findings(desk, desk.forger.forge(desk.good, subject=turned)) == ("other-subject",)


def test_both_identifiers_in_one_rdn(desk: Desk) -> None:
    forged = desk.forger.forge(desk.good, subject=subject.name(TOGETHER))
    assert findings(desk, forged) == ("other-subject", "other-form-of-identifiers")


def test_a_form_of_the_name_that_was_asked_for_and_is_not_the_profile_s(desk: Desk) -> None:
    request = Card(TOGETHER).request("together", EMAIL, CARD_EXPIRES)
    certificate = desk.body.enrol(request).certificate
    assert findings(desk, certificate, request=request) == ("other-form-of-identifiers",)


def test_other_country(desk: Desk) -> None:
    pairs = (("2.5.4.6", "XX"), *desk.request.subject[1:])
    forged = desk.forger.forge(desk.good, subject=subject.name(pairs))
    assert findings(desk, forged) == ("other-subject", "other-country")


@pytest.mark.parametrize(("strict", "expected"), [(True, "jmbg-check-digit"), (False, "")])
def test_wrong_check_digit(desk: Desk, *, strict: bool, expected: str) -> None:
    card = Card(subject.build("Петар", "Петровић", "0101990610021", "001234567"))
    request = card.request(f"strict-{strict}", EMAIL, CARD_EXPIRES)
    certificate = desk.body.enrol(request).certificate
    assert findings(desk, certificate, request=request, strict_identifiers=strict) == tuple(
        expected.split()
    )


def test_expired(desk: Desk) -> None:
    late = NOW.replace(year=2036)
    assert findings(desk, desk.good, now=late) == ("no-path", "expired")


def test_not_yet_valid(desk: Desk) -> None:
    forged = desk.forger.forge(desk.good, start=NOW + timedelta(hours=1))
    assert findings(desk, forged) == ("no-path", "not-yet-valid")


def test_past_the_card_s_expiry(desk: Desk) -> None:
    forged = desk.forger.forge(desk.good, end=CARD_EXPIRES + timedelta(seconds=1))
    assert findings(desk, forged) == ("past-card-expiry",)


def test_valid_too_long(desk: Desk) -> None:
    forged = desk.forger.forge(desk.good, end=NOW.replace(year=2035, second=1))
    assert findings(desk, forged, card_expires=None) == ("valid-too-long",)


def test_other_issuer(desk: Desk, tmp_path: Path) -> None:
    stranger = EmbeddedCA(tmp_path, clock=lambda: NOW)
    certificate = stranger.enrol(desk.request).certificate
    assert findings(desk, certificate) == ("no-path",)


def test_other_issuer_s_name(desk: Desk) -> None:
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somebody else")])
    forged = desk.forger.forge(desk.good, issuer=named)
    assert findings(desk, forged) == ("no-path", "other-issuer")


def test_signed_by_another_key(desk: Desk) -> None:
    forged = desk.forger.forge(desk.good, signer=ec.generate_private_key(ec.SECP384R1()))
    assert findings(desk, forged) == ("no-path",)


def test_a_flipped_bit(desk: Desk) -> None:
    flipped = desk.good[:-1] + bytes([desk.good[-1] ^ 1])
    assert findings(desk, flipped) == ("no-path",)


def test_ca_bit(desk: Desk) -> None:
    forged = desk.forger.forge(
        desk.good, adding=[(x509.BasicConstraints(ca=True, path_length=0), True)]
    )
    assert findings(desk, forged) == ("ca-certificate",)


@pytest.mark.parametrize(
    "wrong",
    [
        [usage(digital_signature=True)],
        [usage(digital_signature=True, content_commitment=True)],
        [(usage(content_commitment=True)[0], False)],
        [],
    ],
)
def test_wrong_key_usage(desk: Desk, wrong: list[Added]) -> None:
    forged = desk.forger.forge(desk.good, without=[ExtensionOID.KEY_USAGE], adding=wrong)
    assert findings(desk, forged) == ("other-key-usage",)


def test_missing_policy(desk: Desk) -> None:
    own = [x509.PolicyInformation(x509.ObjectIdentifier(PROFILE.policies[1].oid), None)]
    forged = desk.forger.forge(
        desk.good,
        without=[ExtensionOID.CERTIFICATE_POLICIES],
        adding=[(x509.CertificatePolicies(own), False)],
    )
    assert findings(desk, forged) == ("other-policies",)


def test_no_qualified_statements(desk: Desk) -> None:
    forged = desk.forger.forge(desk.good, without=[statements.EXTENSION])
    assert findings(desk, forged) == ("no-qualified-statements",)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"disclosure": ()}, "no-disclosure-statement"),
        ({"disclosure": PROFILE.statements.disclosure[:1]}, "no-disclosure-statement"),
        ({"disclosure": (("en", "http://a.rs"), ("sr", "http://a.rs"))}, "no-disclosure-statement"),
        ({"qualified": False}, "not-qualified"),
        ({"on_device": False}, "not-on-device"),
        ({"purpose": "0.4.0.1862.1.6.2"}, "other-purpose"),
    ],
)
def test_missing_statement(desk: Desk, change: dict[str, Any], finding: str) -> None:
    wrong = statements.encode(replace(PROFILE.statements, **change))
    forged = desk.forger.forge(desk.good, without=[statements.EXTENSION], adding=[(wrong, False)])
    assert findings(desk, forged) == (finding,)


@pytest.mark.parametrize(
    "adding", [[], [(x509.SubjectAlternativeName([x509.RFC822Name("a@b.rs")]), False)]]
)
def test_wrong_email(desk: Desk, adding: list[Added]) -> None:
    forged = desk.forger.forge(
        desk.good, without=[ExtensionOID.SUBJECT_ALTERNATIVE_NAME], adding=adding
    )
    assert findings(desk, forged) == ("other-email",)


def test_email_that_nobody_wanted(desk: Desk) -> None:
    request = replace(desk.request, email=None)
    assert findings(desk, desk.good, request=request) == ("other-email",)


def test_the_officer_reads_what_to_do(desk: Desk) -> None:
    with pytest.raises(CertificateRejectedError) as rejection:
        checks.check(b"noise", desk.request, desk.chain, NOW, None)
    assert rejection.value.message % rejection.value.facts == (
        "The certificate that the certification body returned was not accepted (malformed) and was"
        " not written to the card. It has to be revoked: call the administrator."
    )

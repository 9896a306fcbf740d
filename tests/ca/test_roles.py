"""The two kinds of certificates of a card: the qualified one to sign, the other to log in."""

import pytest
from pkilint.bin import lint_etsi_cert

from registration.ca import checks, keys, profiles
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import CertificateRejectedError
from tests.ca.cards import NOW, Card
from tests.ca.inspectors import CLEAN, NORMALISED, lint, openssl, write

# The linters leave the files open that they were given.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

EMAIL = "petar.petrovic@example.rs"


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedCA:
    made = EmbeddedCA(tmp_path_factory.mktemp("body"), clock=lambda: NOW)
    for name, der in zip(("issuing", "root"), made.chain(), strict=True):
        write(made.folder / f"{name}.pem", der)
    return made


@pytest.mark.parametrize("email", [None, EMAIL])
@pytest.mark.parametrize("kind", keys.CARD_KINDS)
def test_a_certificate_for_authentication_satisfies_every_inspector(
    body: EmbeddedCA, capsys: pytest.CaptureFixture[str], kind: str, email: str | None
) -> None:
    card = Card(key=keys.generate(kind))
    request = card.request(f"{kind} {email}", email, profile=profiles.STRICT_AUTHENTICATION)
    certificate = body.enrol(request).certificate
    checked = checks.check(certificate, request, body.chain(), NOW, None)
    assert keys.kind_of(keys.require(checked.public_key())) == kind
    write(body.folder / "authentication.pem", certificate)
    found = lint(capsys, lint_etsi_cert, *NORMALISED, body.folder / "authentication.pem")
    assert found == CLEAN
    policy = ("-policy", "0.4.0.2042.1.2", "-explicit_policy")
    accepted = openssl(body.folder, "authentication", *policy)
    assert accepted == (0, "authentication.pem: OK")


@pytest.mark.parametrize(
    ("asked", "given", "findings"),
    [
        (
            profiles.STRICT_AUTHENTICATION,
            profiles.STRICT_SIGNING,
            ("other-key-usage", "other-policies", "qualified", "other-purpose"),
        ),
        (
            profiles.STRICT_SIGNING,
            profiles.STRICT_AUTHENTICATION,
            ("other-key-usage", "other-policies", "not-qualified", "not-on-device"),
        ),
    ],
)
def test_one_kind_is_never_taken_for_the_other(
    body: EmbeddedCA, asked: str, given: str, findings: tuple[str, ...]
) -> None:
    card = Card()
    certificate = body.enrol(card.request(given, profile=given)).certificate
    with pytest.raises(CertificateRejectedError) as refused:
        checks.check(certificate, card.request(profile=asked), body.chain(), NOW, None)
    assert refused.value.findings[: len(findings)] == findings


def test_a_profile_is_named_by_family_and_role() -> None:
    assert profiles.named(profiles.STRICT, "signing") == profiles.STRICT_SIGNING
    assert profiles.named(profiles.STRICT, "authentication") == profiles.STRICT_AUTHENTICATION

"""Certificates to sign and to log in, of two families: none is ever taken for another."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from cardops.cards.profile import Role
from registration.apps import profile_family
from registration.ca import checks, profiles
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import CARefusedError, CertificateRejectedError
from tests.ca.cards import NOW, SUBJECT, TOGETHER, Card

SIGNING, AUTHENTICATION = "strict-signing", "strict-authentication"
MUP_SIGNING, MUP_AUTHENTICATION = "mup-compat-signing", "mup-compat-authentication"
OF_ANOTHER_FORM = ("other-subject", "other-form-of-identifiers")
OF_ANOTHER_ROLE = ("other-key-usage", "other-policies")


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedCA:
    return EmbeddedCA(tmp_path_factory.mktemp("body"), clock=lambda: NOW)


def card(profile: str) -> Card:
    return Card(TOGETHER if profiles.load(profile).identifiers_in_one_rdn else SUBJECT)


@pytest.mark.parametrize(
    ("asked", "given", "findings"),
    [
        (
            AUTHENTICATION,
            SIGNING,
            (*OF_ANOTHER_ROLE, "qualified", "other-purpose", "disclosure-statement"),
        ),
        (
            SIGNING,
            AUTHENTICATION,
            (
                *OF_ANOTHER_ROLE,
                "not-qualified",
                "not-on-device",
                "other-purpose",
                "no-disclosure-statement",
            ),
        ),
        (SIGNING, MUP_SIGNING, (*OF_ANOTHER_FORM, "other-key-usage", "no-disclosure-statement")),
        (MUP_SIGNING, SIGNING, (*OF_ANOTHER_FORM, "other-key-usage", "disclosure-statement")),
        (AUTHENTICATION, MUP_AUTHENTICATION, OF_ANOTHER_FORM),
        (MUP_AUTHENTICATION, AUTHENTICATION, OF_ANOTHER_FORM),
        (MUP_AUTHENTICATION, MUP_SIGNING, (*OF_ANOTHER_ROLE, "qualified", "other-purpose")),
    ],
)
def test_one_is_never_taken_for_another(
    body: EmbeddedCA, asked: str, given: str, findings: tuple[str, ...]
) -> None:
    made, wanted = card(given), card(asked)
    certificate = body.enrol(made.request(f"{asked} {given}", profile=given)).certificate
    request = Card(wanted.subject, made.key).request(profile=asked)
    with pytest.raises(CertificateRejectedError) as refused:
        checks.check(certificate, request, body.chain(), NOW, None)
    assert refused.value.findings == findings


def test_a_profile_is_named_by_family_and_role() -> None:
    folder = Path(profiles.__file__).parent
    there = {file.stem for file in folder.glob("*.toml")}
    assert there == {profiles.named(each, role) for each in profiles.FAMILIES for role in Role}
    assert {profiles.load(name).name for name in there} == there
    with pytest.raises(CARefusedError):
        profiles.load("lax-signing")


def test_the_server_does_not_start_with_a_family_that_nobody_knows(settings: LazySettings) -> None:
    found = []
    for family in (*profiles.FAMILIES, "lax", ""):
        settings.OVERA = settings.OVERA | {"PROFILES": family}
        found.append([each.msg for each in profile_family()])
    sentence = "OVERA['PROFILES'] is none of strict, mup-compat."
    assert found == [[], [], [sentence], [sentence]]

"""Verdicts by linters and verifiers that we did not write, on all that the embedded body makes.

What they find in each profile is told in docs/profiles.md, and nothing else may be found.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from django.conf import settings
from pkilint.bin import (
    lint_crl,
    lint_etsi_cert,
    lint_ocsp_response,
    lint_pkix_cert,
    lint_pkix_signer_signee_cert_chain,
)

from registration.ca import base, checks, keys, profiles, subject
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import NOW, Card
from tests.ca.inspectors import ETSI, POLICIES, REVOCATIONS, lint, openssl, write

EMAIL = "petar.petrovic@example.rs"
# Given name, surname, address; the card's key, the body's key.
PEOPLE = {
    "latin": ("Petar", "Petrović", None, "RSA-2048", "P-384"),
    "latin-email": ("Petar", "Petrović", EMAIL, "RSA-3072", "P-256"),
    "cyrillic": ("Петар", "Петровић", None, "P-256", "RSA-3072"),
    "cyrillic-email": ("Петар", "Петровић", EMAIL, "P-384", "P-384"),
    "minority": ("Ödön Győző", "Nagy-Kovács", None, "P-256", "P-256"),
    "long": ("Александра", "Стефановић-Милутиновић-Обреновић", None, "RSA-2048", "RSA-3072"),
    "one-name": ("", "Aishwarya", None, "P-384", "P-256"),
}
NOTED = {
    "NOTICE etsi.en_319_412_1.nat-5.1.3.national_identifier_scheme_detected",
    "NOTICE pkix.certificate_policies_policy_has_qualifier",
}
SHARED_RDN = "ERROR pkix.rdn_contains_duplicate_attribute_types"
BOTH_USAGES = "WARNING etsi.en_319_412_2.nat-4.3.2-3.non_preferred_content_commitment_setting"
FOUND = {
    "strict-signing": NOTED,
    "strict-authentication": NOTED,
    "mup-compat-signing": NOTED | {SHARED_RDN, BOTH_USAGES},
    "mup-compat-authentication": NOTED | {SHARED_RDN},
}
# Of the page: severity, code, and below each profile, in the order above, whether it is found.
ROW = re.compile(r"^\| ([A-Z]+) \| `(\S+)` \|(.*)\|$", re.MULTILINE)
REASONS = [each.value for each in x509.ReasonFlags if each is not x509.ReasonFlags.remove_from_crl]
STRANGER = 4711  # a serial number that no body gave
EVERY_PROFILE = pytest.mark.parametrize("profile", FOUND)
EVERYBODY = pytest.mark.parametrize("who", PEOPLE)
EVERY_BODY = pytest.mark.parametrize("kind", keys.BODY_KINDS)


@dataclass(frozen=True)
class Papers:
    """A body with everything that it made as PEM in its folder, as an inspector would get it."""

    body: EmbeddedCA
    card: Card = field(default_factory=Card)

    @property
    def folder(self) -> Path:
        return self.body.folder

    @cached_property
    def chain(self) -> tuple[Path, Path]:
        return self.lay("issuing", self.body.chain()[0]), self.lay("root", self.body.chain()[1])

    def lay(self, name: str, der: bytes) -> Path:
        write(self.folder / f"{name}.pem", der)
        return self.folder / f"{name}.pem"

    def crl(self) -> Path:
        (self.folder / "list.crl").write_bytes(self.body.crl())
        return self.folder / "list.crl"

    def issued(self, name: str) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.body.enrol(self.card.request(name)).certificate)

    def answer(self, serial: int) -> bytes:
        issuing = x509.load_der_x509_certificate(self.body.chain()[0])
        pair = self.issued("any"), issuing
        about = ocsp.OCSPRequestBuilder().add_certificate(*pair, hashes.SHA256()).build()
        named = about.issuer_name_hash, about.issuer_key_hash
        asked = ocsp.OCSPRequestBuilder().add_certificate_by_hash(*named, serial, hashes.SHA256())
        return self.body.ocsp(asked.build().public_bytes(serialization.Encoding.DER))


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Papers]:
    folder = tmp_path_factory.mktemp("bodies")
    return {
        kind: Papers(EmbeddedCA(folder / kind, key_kind=kind, clock=lambda: NOW))
        for kind in keys.BODY_KINDS
    }


@pytest.fixture(scope="module")
def card_keys() -> dict[str, keys.PrivateKey]:
    return {kind: keys.generate(kind) for kind in keys.CARD_KINDS}


def made(who: str, profile: str, card_keys: dict[str, keys.PrivateKey]) -> base.EnrolmentRequest:
    given_name, surname, email, kind, _body = PEOPLE[who]
    one_rdn = profiles.load(profile).identifiers_in_one_rdn
    named = subject.build(given_name, surname, "0101990610020", "001234567", one_rdn=one_rdn)
    return Card(named, card_keys[kind]).request(f"{who} {profile}", email, None, profile)


@EVERY_PROFILE
@EVERYBODY
def test_a_certificate_is_what_its_profile_promises(
    bodies: dict[str, Papers], card_keys: dict[str, keys.PrivateKey], profile: str, who: str
) -> None:
    papers, request = bodies[PEOPLE[who][-1]], made(who, profile, card_keys)
    certificate = papers.body.enrol(request).certificate
    checks.check(certificate, request, papers.body.chain(), NOW, None, strict_identifiers=True)
    (issuing, _root), file = papers.chain, papers.lay(who, certificate)
    role = profile.rpartition("-")[2]
    assert lint(lint_etsi_cert, *ETSI[role], file) == FOUND[profile]
    assert lint(lint_pkix_signer_signee_cert_chain, issuing, file) == set()
    assert openssl(papers.folder, who, POLICIES[role]) == (0, f"{who}.pem: OK")


def test_the_strict_ones_are_without_fault() -> None:
    assert not [code for code in FOUND["strict-signing"] if not code.startswith("NOTICE")]
    assert not [code for code in FOUND["strict-authentication"] if not code.startswith("NOTICE")]


def test_every_kind_of_key_is_among_them() -> None:
    assert {row[3] for row in PEOPLE.values()} == set(keys.CARD_KINDS)
    assert {row[4] for row in PEOPLE.values()} == set(keys.BODY_KINDS)


def test_the_docs_tell_what_is_found() -> None:
    page = (settings.BASE_DIR / "docs" / "profiles.md").read_text("utf-8")
    told: dict[str, set[str]] = {profile: set() for profile in FOUND}
    for severity, code, marks in ROW.findall(page):
        for profile, mark in zip(told, marks.split("|"), strict=True):
            if mark.strip() == "✓":
                told[profile].add(f"{severity} {code}")
    assert told == FOUND


def test_what_is_wrong_is_found(bodies: dict[str, Papers]) -> None:
    papers = bodies["P-384"]
    issuing, root = papers.chain
    leaf = papers.lay("any", papers.body.enrol(papers.card.request("any")).certificate)
    assert lint(lint_pkix_signer_signee_cert_chain, root, leaf)
    assert len(lint(lint_etsi_cert, *ETSI["signing"], issuing, severity="ERROR")) > 1
    assert openssl(papers.folder, "any", "0.4.0.194112.1.0") == (2, "")


@EVERY_BODY
def test_the_body_s_own_certificates_are_clean(bodies: dict[str, Papers], kind: str) -> None:
    issuing, root = bodies[kind].chain
    signer = ocsp.load_der_ocsp_response(bodies[kind].answer(STRANGER)).certificates[0]
    responder = bodies[kind].lay("responder", signer.public_bytes(serialization.Encoding.DER))
    for file in (root, issuing, responder):
        assert lint(lint_pkix_cert, file, severity="WARNING") == set()
    for pair in ((root, root), (root, issuing), (issuing, responder)):
        assert lint(lint_pkix_signer_signee_cert_chain, *pair) == set()


@EVERY_BODY
def test_its_lists_are_clean_empty_and_with_every_reason(tmp_path: Path, kind: str) -> None:
    papers = Papers(EmbeddedCA(tmp_path, key_kind=kind, clock=lambda: NOW))
    assert lint(lint_crl, *REVOCATIONS, papers.crl()) == set()
    for reason in REASONS:
        papers.body.revoke(papers.issued(reason).serial_number, reason, NOW)
    file = papers.crl()
    assert len(list(x509.load_der_x509_crl(file.read_bytes()))) == len(REASONS)
    assert lint(lint_crl, *REVOCATIONS, file) == set()


@EVERY_BODY
def test_its_answers_are_clean(bodies: dict[str, Papers], kind: str) -> None:
    papers = bodies[kind]
    serials = {state: papers.issued(state).serial_number for state in ("good", *REASONS)}
    for reason in REASONS:
        papers.body.revoke(serials[reason], reason, NOW)
    for state, serial in (*serials.items(), ("unknown", STRANGER)):
        answer = papers.answer(serial)
        said = ocsp.load_der_ocsp_response(answer).certificate_status.name
        assert said == {"good": "GOOD", "unknown": "UNKNOWN"}.get(state, "REVOKED")
        (papers.folder / "answer.ocsp").write_bytes(answer)
        assert lint(lint_ocsp_response, papers.folder / "answer.ocsp") == set()

"""Verdicts on our certificates and lists by linters and verifiers that we did not write."""

from pathlib import Path

import pytest
from cryptography import x509
from pkilint.bin import (
    lint_crl,
    lint_etsi_cert,
    lint_pkix_cert,
    lint_pkix_signer_signee_cert_chain,
)

from registration.ca import subject
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import NOW, Card
from tests.ca.inspectors import ANY, CLEAN, QUALIFIED, REVOCATIONS, lint, openssl, write

# The linters leave the files open that they were given.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

PEOPLE = {
    "latin": ("Petar", "Petrović", None),
    "latin-email": ("Petar", "Petrović", "petar.petrovic@example.rs"),
    "cyrillic": ("Петар", "Петровић", None),
    "cyrillic-email": ("Петар", "Петровић", "petar.petrovic@example.rs"),
    "minority": ("Ödön Győző", "Nagy-Kovács", None),
    "long": ("Александра Катарина", "Стефановић-Милутиновић-Обреновић", None),
    "one-name": ("", "Aishwarya", None),
}


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder with everything as PEM, as an inspector would get it."""
    folder = tmp_path_factory.mktemp("papers")
    body = EmbeddedCA(folder / "ca", clock=lambda: NOW)
    for key, (given_name, surname, email) in PEOPLE.items():
        card = Card(subject.build(given_name, surname, "0101990610020", "001234567"))
        enrolled = body.enrol(card.request(key, email))
        write(folder / f"{key}.pem", enrolled.certificate)
        serial = x509.load_der_x509_certificate(enrolled.certificate).serial_number
        body.revoke(serial, "superseded", NOW)
    for name, der in zip(("issuing", "root"), body.chain(), strict=True):
        write(folder / f"{name}.pem", der)
    (folder / "list.crl").write_bytes(body.crl())
    return folder


@pytest.mark.parametrize("who", PEOPLE)
def test_the_etsi_linter_finds_nothing(
    papers: Path, capsys: pytest.CaptureFixture[str], who: str
) -> None:
    assert lint(capsys, lint_etsi_cert, *QUALIFIED, papers / f"{who}.pem") == CLEAN


def test_the_etsi_linter_does_find_what_is_wrong(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count, _ = lint(capsys, lint_etsi_cert, *QUALIFIED, papers / "issuing.pem")
    assert count > 0


@pytest.mark.parametrize(
    ("signer", "signee"),
    [("root", "root"), ("root", "issuing"), ("issuing", "latin"), ("issuing", "cyrillic-email")],
)
def test_each_link_of_the_chain_fits(
    papers: Path, capsys: pytest.CaptureFixture[str], signer: str, signee: str
) -> None:
    pair = (papers / f"{signer}.pem", papers / f"{signee}.pem")
    found = lint(capsys, lint_pkix_signer_signee_cert_chain, *ANY, *pair)
    assert found == CLEAN


@pytest.mark.parametrize("which", ["root", "issuing"])
def test_the_ca_certificates_are_clean(
    papers: Path, capsys: pytest.CaptureFixture[str], which: str
) -> None:
    found = lint(capsys, lint_pkix_cert, *ANY, papers / f"{which}.pem")
    assert found == CLEAN


def test_the_revocation_list_is_clean(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(capsys, lint_crl, *REVOCATIONS, papers / "list.crl") == CLEAN


@pytest.mark.parametrize("who", PEOPLE)
def test_openssl_accepts_the_strict_chain_and_its_policy(papers: Path, who: str) -> None:
    policy = ("-policy", "0.4.0.194112.1.2", "-explicit_policy")
    assert openssl(papers, who, *policy) == (0, f"{who}.pem: OK")


def test_openssl_refuses_a_policy_that_is_not_there(papers: Path) -> None:
    policy = ("-policy", "0.4.0.194112.1.0", "-explicit_policy")
    assert openssl(papers, "latin", *policy) == (2, "")

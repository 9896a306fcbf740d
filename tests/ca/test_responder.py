"""What the embedded body publishes over HTTP satisfies openssl in every state."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib import error, parse, request

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from django.conf import LazySettings, settings

from registration import ca
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import NOW, Card
from tests.ca.inspectors import write
from tests.ca.published import openssl, serving

STATES = {"good": "", "revoked": "keyCompromise", "held": "certificateHold", "plain": "unspecified"}
ANSWERS = {
    "good": ["good"],
    "revoked": ["revoked", "Reason: keyCompromise"],
    "held": ["revoked", "Reason: certificateHold"],
    "plain": ["revoked"],
}
EVERY_STATE = pytest.mark.parametrize("state", STATES)


def fill(body: EmbeddedCA, papers: Path) -> None:
    """Issue one certificate for each state and lay everything down as PEM."""
    for name, der in zip(("issuing", "root"), body.chain(), strict=True):
        write(papers / f"{name}.pem", der)
    chain = [(papers / f"{name}.pem").read_text() for name in ("issuing", "root")]
    (papers / "chain.pem").write_text("".join(chain))
    for state, reason in STATES.items():
        enrolled = body.enrol(Card().request(f"{papers} {state}"))
        write(papers / f"{state}.pem", enrolled.certificate)
        if reason:
            body.revoke(serial(papers, state), reason, datetime.now(UTC))


def serial(papers: Path, state: str) -> int:
    return certificate(papers, state).serial_number


def certificate(papers: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((papers / f"{name}.pem").read_bytes())


def question(papers: Path, state: str, issuer: str = "issuing") -> bytes:
    pair = certificate(papers, state), certificate(papers, issuer)
    asked = ocsp.OCSPRequestBuilder().add_certificate(*pair, hashes.SHA256()).build()
    return asked.public_bytes(serialization.Encoding.DER)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield f"{found}/authority"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the settings' own body published, as an inspector would collect it."""
    folder = tmp_path_factory.mktemp("papers")
    body = ca.connect(settings.OVERA)
    assert isinstance(body, EmbeddedCA)
    fill(body, folder)
    return folder


@EVERY_STATE
@pytest.mark.parametrize("digest", ["-sha1", "-sha256"])
def test_openssl_is_told_each_state(papers: Path, address: str, state: str, digest: str) -> None:
    asked = ("-issuer", "issuing.pem", digest, "-cert", f"{state}.pem", "-CAfile", "chain.pem")
    code, lines = openssl(papers, "ocsp", *asked, "-url", f"{address}/ocsp")
    said = [line.strip() for line in lines if "Update" not in line and "Time" not in line]
    word, *more = ANSWERS[state]
    assert (code, said) == (0, ["Response verify OK", f"{state}.pem: {word}", *more])


def test_openssl_is_told_that_a_stranger_is_not_known(papers: Path, address: str) -> None:
    asked = ("-issuer", "issuing.pem", "-serial", "4711", "-CAfile", "chain.pem")
    code, lines = openssl(papers, "ocsp", *asked, "-url", f"{address}/ocsp")
    assert (code, lines[:2]) == (0, ["Response verify OK", "4711: unknown"])


def test_a_question_in_the_address_is_answered_too(papers: Path, address: str) -> None:
    asked = parse.quote(base64.b64encode(question(papers, "held")), safe="")
    with request.urlopen(f"{address}/ocsp/{asked}") as response:  # noqa: S310 loopback
        answer = ocsp.load_der_ocsp_response(response.read())
        assert response.headers["Content-Type"] == "application/ocsp-response"
    assert answer.revocation_reason == x509.ReasonFlags.certificate_hold
    assert answer.serial_number == serial(papers, "held")


def test_openssl_reads_the_list_and_the_certificates(papers: Path, address: str) -> None:
    for name in ("issuing.crl", "issuing.cer", "root.cer"):
        request.urlretrieve(f"{address}/{name}", papers / name)  # noqa: S310 loopback
    verified = openssl(papers, "crl", "-in", "issuing.crl", "-CAfile", "chain.pem", "-noout")
    assert verified == (0, ["verify OK"])
    listed = x509.load_der_x509_crl((papers / "issuing.crl").read_bytes())
    found = {
        state: listed.get_revoked_certificate_by_serial_number(serial(papers, state)) is not None
        for state in STATES
    }
    assert found == {"good": False, "revoked": True, "held": True, "plain": True}
    fetched = x509.load_der_x509_certificate((papers / "issuing.cer").read_bytes())
    assert fetched == certificate(papers, "issuing")
    fetched = x509.load_der_x509_certificate((papers / "root.cer").read_bytes())
    assert fetched == certificate(papers, "root")


def test_noise_and_another_body_s_question_are_refused(
    papers: Path, address: str, tmp_path: Path
) -> None:
    fill(EmbeddedCA(tmp_path / "ca"), tmp_path)
    stranger = question(tmp_path, "good")
    found = []
    for data in (b"noise", stranger):
        with request.urlopen(f"{address}/ocsp", data=data) as response:  # noqa: S310 loopback
            found.append(ocsp.load_der_ocsp_response(response.read()).response_status)
    assert found == [
        ocsp.OCSPResponseStatus.MALFORMED_REQUEST,
        ocsp.OCSPResponseStatus.UNAUTHORIZED,
    ]


def test_an_office_s_own_installation_publishes_nothing(
    address: str, settings: LazySettings
) -> None:
    settings.OVERA_DEVELOPMENT = False
    with pytest.raises(error.HTTPError) as refusal:
        request.urlopen(f"{address}/issuing.crl")  # noqa: S310 loopback
    with refusal.value as answer:
        assert answer.code == 404


def test_the_responder_is_replaced_when_half_its_life_has_passed(tmp_path: Path) -> None:
    def signer(days: int) -> x509.Certificate:
        body = EmbeddedCA(tmp_path / "ca", clock=lambda: NOW + timedelta(days=days))
        answer = body.ocsp(question(tmp_path, "good"))
        return ocsp.load_der_ocsp_response(answer).certificates[0]

    fill(EmbeddedCA(tmp_path / "ca", clock=lambda: NOW), tmp_path)
    assert signer(0) == signer(14)
    assert signer(14) != signer(16)
    assert signer(16).not_valid_after_utc == NOW + timedelta(days=46)

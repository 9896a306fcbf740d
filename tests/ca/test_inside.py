"""The embedded body with its issuing key inside of a token: SoftHSM, in a folder of its own."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import ocsp
from django.conf import settings
from django.core.management import CommandError, call_command
from pkcs11 import Attribute, ObjectClass
from pkilint.bin import (
    lint_crl,
    lint_etsi_cert,
    lint_ocsp_response,
    lint_pkix_signer_signee_cert_chain,
)

from registration import ca
from registration.ca import checks, keys
from registration.ca.embedded import hierarchy
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import CARefusedError, CASettingsError, CAUnreachableError
from registration.tokens import Token
from tests.ca.cards import NOW, Card
from tests.ca.inspectors import ETSI, POLICIES, REVOCATIONS, lint, openssl, write
from tests.cardops import softhsm

EVERY_BODY = pytest.mark.parametrize("kind", keys.BODY_KINDS)


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    home = tmp_path / "hsm"
    home.mkdir()
    monkeypatch.setenv("SOFTHSM2_CONF", str(softhsm.configure(home)))
    softhsm.add(home)
    (home / "pin").write_bytes(softhsm.PIN + b"\n")
    yield Token(Path(softhsm.MODULE), softhsm.LABEL, home / "pin")
    forget()


def forget() -> None:
    """Let this process find tokens anew."""
    pkcs11.lib(softhsm.MODULE).finalize()


def body(folder: Path, token: Token | None, kind: str = "P-256") -> EmbeddedCA:
    custody = hierarchy.Custody(token=token)
    return EmbeddedCA(folder / "ca", key_kind=kind, custody=custody, clock=lambda: NOW)


def private_keys() -> list[dict[Attribute, object]]:
    """Return what the token says of the keys that lie in it."""
    told = (Attribute.NEVER_EXTRACTABLE, Attribute.ALWAYS_SENSITIVE, Attribute.LOCAL)
    with softhsm.session() as session:
        found = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
        return [{name: each[name] for name in told} for each in found]


@EVERY_BODY
def test_certificate_list_and_answer_satisfy_those_who_know(
    token: Token, tmp_path: Path, kind: str
) -> None:
    made, card = body(tmp_path, token, kind), Card()
    request = card.request()
    issued = made.enrol(request).certificate
    checks.check(issued, request, made.chain(), NOW, None, strict_identifiers=True)
    certificate = x509.load_der_x509_certificate(issued)
    made.revoke(certificate.serial_number, "superseded", NOW)
    for name, der in zip(("who", "issuing", "root"), (issued, *made.chain()), strict=True):
        write(tmp_path / f"{name}.pem", der)
    (tmp_path / "list.crl").write_bytes(made.crl())
    (tmp_path / "answer.ors").write_bytes(made.ocsp(question(made, certificate)))
    assert lint(lint_etsi_cert, *ETSI["signing"], tmp_path / "who.pem", severity="WARNING") == set()
    assert lint(lint_crl, *REVOCATIONS, tmp_path / "list.crl") == set()
    assert lint(lint_ocsp_response, tmp_path / "answer.ors") == set()
    pair = (tmp_path / "issuing.pem", tmp_path / "who.pem")
    assert lint(lint_pkix_signer_signee_cert_chain, *pair) == set()
    assert openssl(tmp_path, "who", POLICIES["signing"]) == (0, "who.pem: OK")
    issuing = x509.load_der_x509_certificate(made.chain()[0])
    listed = x509.load_der_x509_crl(made.crl())
    assert listed.is_signature_valid(issuing.public_key())
    assert [each.serial_number for each in listed] == [certificate.serial_number]
    answer = ocsp.load_der_ocsp_response(made.ocsp(question(made, certificate)))
    assert answer.certificate_status == ocsp.OCSPCertStatus.REVOKED


def question(body: EmbeddedCA, certificate: x509.Certificate) -> bytes:
    issuing = x509.load_der_x509_certificate(body.chain()[0])
    algorithm = keys.hash_of(issuing.public_key())
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuing, algorithm)
    return asked.build().public_bytes(serialization.Encoding.DER)


def test_the_key_was_made_inside_and_can_never_leave(token: Token, tmp_path: Path) -> None:
    made = body(tmp_path, token)
    assert made.health().ok
    assert private_keys() == [
        {
            Attribute.NEVER_EXTRACTABLE: True,
            Attribute.ALWAYS_SENSITIVE: True,
            Attribute.LOCAL: True,
        }
    ]
    assert not (tmp_path / "ca" / "authority" / "issuing.key").exists()
    own = hierarchy.load_or_make(
        tmp_path / "ca" / "authority", "P-256", hierarchy.Custody(token=token)
    )
    with pytest.raises(TypeError, match="stays inside"):
        own.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def test_the_same_request_gets_the_same_certificate(token: Token, tmp_path: Path) -> None:
    card = Card()
    first = body(tmp_path, token).enrol(card.request())
    assert body(tmp_path, token).enrol(card.request()) == first


def test_of_two_that_begin_at_once_one_key_stays(token: Token, tmp_path: Path) -> None:
    spawned = multiprocessing.get_context("spawn")
    ready = spawned.Barrier(2)
    both = [spawned.Process(target=_begin, args=(tmp_path, token, ready)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert [each.exitcode for each in both] == [0, 0]
    assert len(private_keys()) == 1
    assert body(tmp_path, token).health().ok


def _begin(folder: Path, token: Token, ready: Barrier) -> None:
    """Begin with the other; RSA takes so long that both find nothing yet."""
    ready.wait(60)
    health = body(folder, token, "RSA-3072").health()
    assert health.ok, health.detail


def test_a_token_that_is_gone_is_unreachable_and_nothing_is_lost(
    token: Token, tmp_path: Path
) -> None:
    card, made = Card(), body(tmp_path, token)
    made.chain()
    tokens, away = tmp_path / "hsm" / "tokens", tmp_path / "hsm" / "away"
    tokens.rename(away)
    tokens.mkdir()
    forget()
    with pytest.raises(CAUnreachableError) as fault:
        made.enrol(card.request())
    assert (fault.value.reason, fault.value.retryable) == ("token-not-there", True)
    assert made.health().detail == "token-not-there"
    tokens.rmdir()
    away.rename(tokens)
    forget()
    assert made.enrol(card.request()) == made.lookup("case-1")


def test_a_wrong_pin_is_tried_once_and_never_again(token: Token, tmp_path: Path) -> None:
    body(tmp_path, token).chain()
    (tmp_path / "wrong").write_bytes(b"00000000")
    wrong = body(tmp_path, replace(token, pin=tmp_path / "wrong"))
    assert [wrong.health().detail for _ in range(20)] == ["pin-wrong", *["few-tries-left"] * 19]
    with pytest.raises(CARefusedError) as fault:
        wrong.enrol(Card().request())
    assert fault.value.retryable  # the counter waits, and nobody is told to give up
    forget()
    assert body(tmp_path, token).health().detail == "few-tries-left"  # nor is the right one risked
    softhsm.tool(tmp_path / "hsm", "--list-objects")  # somebody logs in
    forget()
    assert body(tmp_path, token).health().ok


def test_a_key_that_was_destroyed_is_noticed(token: Token, tmp_path: Path) -> None:
    made = body(tmp_path, token)
    made.chain()
    with softhsm.session() as session:
        for each in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
            each.destroy()
    assert made.health().detail == "no-such-key"


@pytest.mark.parametrize("first_inside", [True, False])
def test_a_key_that_is_kept_in_another_way_than_asked_for_is_not_used(
    token: Token, tmp_path: Path, *, first_inside: bool
) -> None:
    before, after = (token, None) if first_inside else (None, token)
    body(tmp_path, before).chain()
    assert body(tmp_path, after).health().detail == "issuing-key-kept-elsewhere"


class TestSettings:
    def section(self, folder: Path, token: Token) -> dict[str, str | Path]:
        return {
            "CONNECTOR": "embedded",
            "FOLDER": folder / "ca",
            "PKCS11_MODULE": str(token.module),
            "PKCS11_TOKEN": token.label,
            "PKCS11_PIN_FILE": str(token.pin),
        }

    def test_a_token_that_the_settings_name_is_used(self, token: Token, tmp_path: Path) -> None:
        assert ca.connect(self.section(tmp_path, token)).health().ok
        assert len(private_keys()) == 1

    @pytest.mark.parametrize("left_out", ["PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_PIN_FILE"])
    def test_half_a_token_is_none(self, tmp_path: Path, left_out: str) -> None:
        named = Token(Path(softhsm.MODULE), "token", tmp_path / "pin")
        section = self.section(tmp_path, named)
        del section[left_out]
        with pytest.raises(CASettingsError) as fault:
            ca.connect(section)
        assert fault.value.reason == left_out

    @pytest.mark.usefixtures("english")
    def test_the_administrator_reads_what_to_do(
        self, token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        section = self.section(tmp_path, token) | {"PKCS11_TOKEN": "elsewhere"}
        monkeypatch.setitem(settings.OVERA, "CA", section)
        with pytest.raises(CommandError, match="The token with the key of the issuing"):
            call_command("certification_body")

    def test_a_passphrase_that_lies_beside_its_keys_is_not_believed_to_lie_elsewhere(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "secret").write_bytes(b"correct horse battery staple\n")
        section = {"CONNECTOR": "embedded", "FOLDER": tmp_path / "ca"}
        assert ca.connect(section).health().ok
        apart = section | {"PASSPHRASE_FILE": str(tmp_path / "secret")}
        assert ca.connect(apart).health().detail == "passphrase-kept-beside"

    def test_the_passphrase_of_keys_in_files_may_lie_elsewhere(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_bytes(b"correct horse battery staple\n")
        section = {"CONNECTOR": "embedded", "FOLDER": tmp_path / "ca"}
        apart = section | {"PASSPHRASE_FILE": str(tmp_path / "secret")}
        assert ca.connect(apart).health().ok
        kept = tmp_path / "ca" / "authority"
        assert not (kept / "passphrase").exists()
        for name in ("root.key", "issuing.key"):
            pem = (kept / name).read_bytes()
            assert b"ENCRYPTED" in pem
            serialization.load_pem_private_key(pem, b"correct horse battery staple")
        (tmp_path / "secret").write_bytes(b"guessed")
        assert ca.connect(apart).health().detail == "passphrase-wrong"
        assert ca.connect(section).health().detail == "passphrase-wrong"
        (tmp_path / "secret").write_bytes(b"\n")
        assert ca.connect(apart).health().detail == "passphrase-empty"
        with pytest.raises(CARefusedError) as fault:
            ca.connect(apart).enrol(Card().request())
        assert fault.value.retryable

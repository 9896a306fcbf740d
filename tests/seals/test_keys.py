"""Where the key may lie, and what is said when it does not."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registration.seals import checks, keys, pades
from registration.seals.base import KeyFile, KeyToken
from registration.seals.errors import KeyUnusableError, PinRefusedError, SealError
from tests.seals.conftest import Make, pem_key
from tests.seals.stamper import Stamper
from tests.seals.token import PIN, Tokens

NAMES = ("office", "guarded", "bare")


@pytest.fixture(scope="session")
def tokens(server: Stamper, tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    made = Tokens(tmp_path_factory.mktemp("tokens"))
    for name in NAMES:
        made.make(name, server.pki.seal, with_certificate=name != "bare")
    return made


@pytest.fixture
def chain(server: Stamper, tmp_path: Path) -> Path:
    path = tmp_path / "chain.pem"
    path.write_bytes(server.pki.seal.pem + server.pki.body.pem)
    return path


def reason(key: KeyFile | KeyToken) -> tuple[type[SealError], str]:
    """Return how the opening of a key fails."""
    with pytest.raises(SealError) as caught, keys.opened(key):
        pass
    return type(caught.value), caught.value.reason


@pytest.mark.parametrize("passphrase", [b"", b"not a secret"])
def test_a_key_in_pem_seals(
    paper: bytes, sealer: Make, server: Stamper, tmp_path: Path, passphrase: bytes
) -> None:
    pki = server.pki
    key = pem_key(tmp_path, pki.seal, pki.body, passphrase=passphrase)
    made = sealer("B-B", key)
    assert checks.check(pades.seal(paper, made), made.roots, datetime.now(UTC)).sound


def test_a_key_in_one_pem_with_its_certificates_seals(
    paper: bytes, sealer: Make, server: Stamper, tmp_path: Path
) -> None:
    pki, path = server.pki, tmp_path / "seal.pem"
    path.write_bytes(pki.seal.key_pem() + pki.seal.pem + pki.body.pem)
    assert pades.seal(paper, sealer("B-T", KeyFile(path))).startswith(paper)


def test_a_key_file_that_cannot_be_used_says_why(
    key: KeyFile, server: Stamper, tmp_path: Path
) -> None:
    pki, wrong = server.pki, tmp_path / "wrong"
    wrong.write_bytes(b"guessed")
    mixed = pem_key(tmp_path, pki.seal, pki.body, passphrase=b"")
    (tmp_path / "other.pem").write_bytes(pki.stamper.pem)
    unusable = {
        replace(key, path=tmp_path / "gone.p12"): "file-unreadable",
        replace(key, passphrase=tmp_path / "gone"): "file-unreadable",
        replace(key, passphrase=wrong): "key-or-passphrase-wrong",
        replace(key, passphrase=None): "key-or-passphrase-wrong",
        replace(mixed, passphrase=wrong): "key-or-passphrase-wrong",
        replace(mixed, certificates=tmp_path / "other.pem"): "certificate-of-another-key",
        replace(mixed, certificates=mixed.path): "certificates-missing",
        replace(mixed, certificates=wrong): "certificates-damaged",
        replace(mixed, certificates=tmp_path / "gone"): "certificates-unreadable",
    }
    assert {key: reason(key) for key in unusable} == {
        key: (KeyUnusableError, why) for key, why in unusable.items()
    }


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LTA"])
def test_a_key_in_a_token_seals(
    paper: bytes, sealer: Make, tokens: Tokens, chain: Path, level: str
) -> None:
    made = sealer(level, replace(tokens.key("bare"), certificates=chain))
    finding = checks.check(pades.seal(paper, made), made.roots, datetime.now(UTC))
    assert (finding.sound, finding.level) == (True, level)


def test_a_token_may_hold_the_certificate_too(
    paper: bytes, sealer: Make, tokens: Tokens, server: Stamper
) -> None:
    made = sealer("B-B", tokens.key("office"), roots=(server.pki.body.der,))
    finding = checks.check(pades.seal(paper, made), made.roots, datetime.now(UTC))
    assert (finding.sound, finding.sealer) == (True, server.pki.seal.name)


def test_a_token_that_cannot_be_used_says_why(tokens: Tokens, tmp_path: Path) -> None:
    key, no_text = tokens.key("office"), tmp_path / "no-text"
    no_text.write_bytes(b"\xff\xfe")
    unusable = {
        replace(key, pin=no_text): "not-a-pin",
        replace(key, module=tmp_path / "none.so"): "token-not-there",
        replace(key, token="elsewhere"): "token-not-there",
        replace(key, label="another"): "no-such-key",
        replace(key, pin=tmp_path / "gone"): "file-unreadable",
        tokens.key("bare"): "no-such-key",  # its certificate is not there
    }
    assert {key: reason(key) for key in unusable} == {
        key: (KeyUnusableError, why) for key, why in unusable.items()
    }


def test_a_certificate_of_another_key_is_noticed_before_anything_is_kept(
    paper: bytes, sealer: Make, tokens: Tokens, server: Stamper, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(server.pki.stamper.pem + server.pki.body.pem)
    with pytest.raises(KeyUnusableError) as caught:
        pades.seal(paper, sealer("B-B", replace(tokens.key("bare"), certificates=other)))
    assert caught.value.reason == "certificate-of-another-key"


def test_a_wrong_pin_is_tried_once_and_never_again(tokens: Tokens, tmp_path: Path) -> None:
    key = tokens.key("guarded")
    (tmp_path / "pin").write_text("111111\n")
    wrong = replace(key, pin=tmp_path / "pin")
    assert reason(wrong) == (PinRefusedError, "pin-wrong")
    assert reason(wrong) == (PinRefusedError, "few-tries-left")
    assert reason(key) == (PinRefusedError, "few-tries-left")  # the right one is not risked either
    tokens.tool("guarded", PIN, "--list-objects")  # somebody logs in
    with keys.opened(key) as signer:
        assert signer.signing_cert is not None

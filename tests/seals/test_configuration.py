"""The settings of the seal: text from the environment, read whole or refused by name."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from registration.seals import configuration
from registration.seals.base import KeyFile, KeyToken, Level, Sealer
from registration.seals.errors import SettingsError
from tests.seals.stamper import Stamper


@pytest.fixture
def section(server: Stamper, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "roots.pem").write_bytes(server.pki.root.pem + server.pki.body.pem)
    return {
        "LEVEL": "B-LTA",
        "KEY_FILE": "/keys/seal.p12",
        "PASSPHRASE_FILE": "/keys/seal.txt",
        "ROOTS": str(tmp_path / "roots.pem"),
        "TSA": "http://stamps.example/",
    }


TOKEN = {
    "PKCS11_MODULE": "/lib/token.so",
    "PKCS11_TOKEN": "office",
    "PKCS11_LABEL": "seal",
    "PKCS11_PIN_FILE": "/keys/pin",
}


def test_a_key_file_with_a_stamper(section: dict[str, str], server: Stamper) -> None:
    assert configuration.read(section) == Sealer(
        level=Level.B_LTA,
        key=KeyFile(Path("/keys/seal.p12"), Path("/keys/seal.txt")),
        roots=(server.pki.root.der, server.pki.body.der),
        authority="http://stamps.example/",
        patience=10,
    )


def test_a_token_without_a_stamper(section: dict[str, str]) -> None:
    wanted = {"LEVEL": "B-B", "ROOTS": section["ROOTS"], "CERTIFICATES": "/keys/chain.pem"}
    read = configuration.read({**wanted, **TOKEN, "PATIENCE": "2.5"})
    chain = Path("/keys/chain.pem")
    token = KeyToken(Path("/lib/token.so"), "office", "seal", Path("/keys/pin"), chain)
    assert (read.key, read.authority, read.patience) == (token, "", 2.5)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"LEVEL": ""}, "LEVEL"),
        ({"LEVEL": "B-LT"}, "LEVEL"),
        ({"LEVEL": "best"}, "LEVEL"),
        ({"KEY_FILE": ""}, "KEY_FILE"),
        ({"TSA": ""}, "TSA"),
        ({"TSA": "stamps.example"}, "TSA"),
        ({"TSA": "ftp://stamps.example/"}, "TSA"),
        ({"TSA": "http://"}, "TSA"),
        ({"TSA": "http://[::1"}, "TSA"),
        ({"ROOTS": ""}, "ROOTS"),
        ({"PATIENCE": "long"}, "PATIENCE"),
        ({"PATIENCE": "0"}, "PATIENCE"),
        ({"PATIENCE": "3600"}, "PATIENCE"),
        ({"TSA_ADDRESS": "http://stamps.example/"}, "TSA_ADDRESS"),
        (TOKEN, "KEY_FILE"),
        ({"KEY_FILE": "", **TOKEN, "PKCS11_PIN_FILE": ""}, "PKCS11_PIN_FILE"),
    ],
)
def test_what_is_missing_unknown_or_contradicts_is_named(
    section: dict[str, str], change: Mapping[str, str], named: str
) -> None:
    changed = {name: value for name, value in {**section, **change}.items() if value}
    with pytest.raises(SettingsError) as caught:
        configuration.read(changed)
    assert caught.value.reason == named


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_roots_that_cannot_be_read_are_told(
    section: dict[str, str], tmp_path: Path, content: bytes | None
) -> None:
    roots = tmp_path / "other.pem"
    if content is not None:
        roots.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        configuration.read({**section, "ROOTS": str(roots)})
    assert caught.value.reason == "ROOTS"

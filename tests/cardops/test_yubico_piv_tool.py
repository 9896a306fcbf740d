"""Yubico's program drives our virtual card.

Version 2.2 knows only 3DES for the management key, and no RSA-3072. What it cannot do on any card
with OpenSSL 3: request-certificate and selfsign-certificate.
"""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from cardops.cards.piv import TRANSPORT_PIN
from cardops.virtual.administrator import TRIPLE_DES
from cardops.virtual.control import Control
from tests.cardops import programs
from tests.cardops.programs import attempt, yubico
from tests.reader import put_in

pytestmark = pytest.mark.card

PIN, PUK = TRANSPORT_PIN.decode(), "12345678"


@pytest.fixture(autouse=True)
def card_of_3des(card: Control) -> None:
    put_in(card, administration=TRIPLE_DES)


@pytest.mark.parametrize("slot", ["9a", "9c", "9d", "9e"])
@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [("RSA2048", "SHA256"), ("ECCP256", "SHA256"), ("ECCP384", "SHA384")],
)
def test_it_makes_keys_and_uses_them(
    tmp_path: Path, algorithm: str, digest: str, slot: str
) -> None:
    at = ("-s", slot)
    yubico(tmp_path, "-a", "generate", *at, "-A", algorithm, "-o", "public.pem")
    public = load_pem_public_key((tmp_path / "public.pem").read_bytes())
    mine = programs.write(tmp_path / "mine.pem", programs.certificate_for(public))
    yubico(tmp_path, "-a", "import-certificate", *at, "-i", mine)
    yubico(tmp_path, "-a", "read-certificate", *at, "-o", "read.pem")
    assert (tmp_path / "read.pem").read_bytes() == (tmp_path / mine).read_bytes()
    for test in ("test-signature", "test-decipher"):
        said = yubico(
            tmp_path, "-P", PIN, "-a", "verify-pin", "-a", test, *at, "-i", mine, "-H", digest
        )
        assert "Success" in said.splitlines()[-1]
    yubico(tmp_path, "-a", "delete-certificate", *at)
    assert attempt(tmp_path, "yubico-piv-tool", "-a", "read-certificate", *at).returncode != 0


def test_it_administers_pin_puk_objects_and_key(tmp_path: Path) -> None:
    yubico(tmp_path, "-a", "change-pin", "-P", PIN, "-N", "654321")
    yubico(tmp_path, "-a", "change-puk", "-P", PUK, "-N", "87654321")
    yubico(tmp_path, "-a", "unblock-pin", "-P", "87654321", "-N", PIN)
    yubico(tmp_path, "-a", "verify-pin", "-P", PIN)
    yubico(tmp_path, "-a", "set-chuid", "-a", "set-ccc")
    own = "0102030405060708010203040506070801020304050607FF"
    yubico(tmp_path, "-a", "set-mgm-key", "-n", own)
    yubico(tmp_path, f"-k{own}", "-a", "generate", "-s", "9a", "-A", "ECCP256")
    status = dict(
        line.split(":\t", 1)
        for line in yubico(tmp_path, "-a", "status").splitlines()
        if ":\t" in line
    )
    assert (status["Version"], status["PIN tries left"]) == ("5.7.1", "3")
    assert status["CHUID"].startswith("3019d4e739")
    assert status["CCC"].startswith("f015a000000116")

"""A card with both certificates, as we write it, in the hands of other people's programs."""

from pathlib import Path

import pytest

from cardops.cards.access import OwnCommands
from cardops.cards.profile import Role
from cardops.virtual.control import Control
from registration.ca.embedded.authority import EmbeddedCA
from tests.cardops import issuing
from tests.cardops.programs import OPENSC, attempt, pkcs11, pkcs15, run, yubico
from tests.reader import put_in

pytestmark = pytest.mark.card

PIN = issuing.PIN.decode()
AUTHENTICATION = "01"  # as OpenSC numbers slot 9A
# OpenSC 0.23 asks for them by 3DES, which a card administered by AES does not know.
NO_RANDOM_NUMBERS = ["ERR: C_GenerateRandom failed: CKR_FUNCTION_NOT_SUPPORTED (0x54)"]
KINDS = pytest.mark.parametrize("kind", ["RSA-2048", "P-256"])


def issue(reader: Control, folder: Path, kind: str) -> dict[Role, bytes]:
    reader.clear_faults()
    put_in(reader)
    body, issued = EmbeddedCA(folder / "ca"), {}
    with issuing.begun(folder, OwnCommands()) as desk:
        for role in Role:
            made = issuing.make(*desk, kind, role)
            issued[role] = issuing.certified(body, made, *desk, kind, role)
    return issued


@KINDS
def test_they_find_and_use_both(reader: Control, tmp_path: Path, kind: str) -> None:
    issued = issue(reader, tmp_path, kind)
    for role, number, slot in ((Role.SIGNING, "02", "9c"), (Role.AUTHENTICATION, "01", "9a")):
        pkcs11(tmp_path, "--read-object", "--type", "cert", "--id", number, "-o", "pkcs11.der")
        yubico(tmp_path, "-a", "read-certificate", "-s", slot, "-K", "DER", "-o", "yubico.der")
        for name in ("pkcs11.der", "yubico.der"):
            assert (tmp_path / name).read_bytes() == issued[role]
    tool = ("pkcs11-tool", "--module", OPENSC, "--login", "--pin", PIN, "--test")
    said = attempt(tmp_path, *tool).stdout
    assert [line.strip() for line in said.splitlines() if "ERR" in line] == NO_RANDOM_NUMBERS


@KINDS
def test_the_key_for_logging_in_signs_many_times_after_one_pin(
    reader: Control, tmp_path: Path, kind: str
) -> None:
    issue(reader, tmp_path, kind)
    (tmp_path / "message").write_bytes(b"a challenge of a portal")
    pkcs15(tmp_path, "--read-certificate", AUTHENTICATION, "-o", "read.pem")
    run(tmp_path, "openssl", "x509", "-in", "read.pem", "-pubkey", "-noout", "-out", "public.pem")
    mechanism = "SHA256-RSA-PKCS" if kind.startswith("RSA") else "ECDSA-SHA256"
    format_ = () if kind.startswith("RSA") else ("--signature-format", "openssl")
    how = ("--sign", "--id", AUTHENTICATION, "-m", mechanism, *format_)
    files = ("-i", "message", "-o", "signature")
    pkcs11(tmp_path, "--login", "--pin", PIN, *how, *files)
    verified = ("-verify", "public.pem", "-signature", "signature", "message")
    assert run(tmp_path, "openssl", "dgst", "-sha256", *verified) == "Verified OK\n"
    without = attempt(tmp_path, "pkcs11-tool", "--module", OPENSC, *how, *files)
    assert without.returncode != 0

"""What our own issuing brought onto the card, somebody else's programs use and openssl verifies."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from cardops.virtual.control import Control
from registration.ca import keys
from tests.cardops import issuing
from tests.cardops.programs import attempt, pkcs11, pkcs15, run, yubico
from tests.reader import put_in

pytestmark = pytest.mark.card

PIN = issuing.PIN.decode()
SIGNING_KEY = "02"  # as OpenSC numbers slot 9C
MECHANISMS = {
    "RSA-2048": [("SHA256-RSA-PKCS", "sha256"), ("SHA384-RSA-PKCS", "sha384")],
    "RSA-3072": [("SHA256-RSA-PKCS", "sha256"), ("SHA512-RSA-PKCS", "sha512")],
    "P-256": [("ECDSA-SHA256", "sha256")],
    "P-384": [("ECDSA-SHA384", "sha384"), ("ECDSA-SHA256", "sha256")],
}


@dataclass(frozen=True)
class Issued:
    """A card in the reader, and the folder where an inspector works on it."""

    kind: str
    folder: Path
    certificate: bytes  # DER, as the body issued it

    def sign(self, mechanism: str, data: str, signature: str) -> str:
        login = ("--login", "--pin", PIN)
        format_ = ("--signature-format", "openssl") if self.kind.startswith("P-") else ()
        how = ("--sign", "--id", SIGNING_KEY, "-m", mechanism, *format_)
        return pkcs11(self.folder, *login, *how, "-i", data, "-o", signature)


@pytest.fixture(scope="module", params=keys.CARD_KINDS)
def issued(
    reader: Control, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Issued:
    """Issue once for each kind of key; openssl takes the public key out of what is read back."""
    folder = tmp_path_factory.mktemp(request.param)
    reader.clear_faults()
    put_in(reader)
    certificate = issuing.issue(folder, request.param)
    (folder / "message").write_bytes("Милица Ђорђевић\n".encode() * 1000)
    pkcs15(folder, "--read-certificate", SIGNING_KEY, "-o", "read.pem")
    run(folder, "openssl", "x509", "-in", "read.pem", "-pubkey", "-noout", "-out", "public.pem")
    return Issued(request.param, folder, certificate)


def test_they_read_back_the_certificate_that_was_issued(issued: Issued) -> None:
    folder = issued.folder
    run(folder, "openssl", "x509", "-in", "read.pem", "-outform", "DER", "-out", "pkcs15.der")
    pkcs11(folder, "--read-object", "--type", "cert", "--id", SIGNING_KEY, "-o", "pkcs11.der")
    yubico(folder, "-a", "read-certificate", "-s", "9c", "-K", "DER", "-o", "yubico.der")
    for name in ("pkcs15.der", "pkcs11.der", "yubico.der"):
        assert (folder / name).read_bytes() == issued.certificate


def test_they_see_the_key_that_the_certificate_names(issued: Issued) -> None:
    shown = pkcs15(issued.folder, "--read-public-key", SIGNING_KEY).partition("-----BEGIN")
    assert "".join(shown[1:]) == (issued.folder / "public.pem").read_text()
    listed = pkcs11(issued.folder, "--login", "--pin", PIN, "--list-objects", "--type", "privkey")
    assert "sign, non-repudiation" in listed
    assert "always authenticate, sensitive, always sensitive, never extractable, local" in listed


def test_pkcs11_tool_signs_and_openssl_verifies(issued: Issued) -> None:
    for mechanism, digest in MECHANISMS[issued.kind]:
        issued.sign(mechanism, "message", "signature")
        verified = ("-verify", "public.pem", "-signature", "signature", "message")
        said = run(issued.folder, "openssl", "dgst", f"-{digest}", *verified)
        assert said == "Verified OK\n"


def test_pkcs11_tool_signs_a_digest_and_pkeyutl_verifies(issued: Issued) -> None:
    folder, rsa = issued.folder, issued.kind.startswith("RSA")
    digest = "sha384" if issued.kind == "P-384" else "sha256"
    run(folder, "openssl", "dgst", f"-{digest}", "-binary", "-out", "digest", "message")
    if rsa:
        prefix = bytes.fromhex("3031300d060960864801650304020105000420")
        (folder / "block").write_bytes(prefix + (folder / "digest").read_bytes())
    issued.sign("RSA-PKCS" if rsa else "ECDSA", "block" if rsa else "digest", "signature")
    how = ("-pubin", "-inkey", "public.pem", "-pkeyopt", f"digest:{digest}")
    files = ("-in", "digest", "-sigfile", "signature")
    said = run(folder, "openssl", "pkeyutl", "-verify", *how, *files)
    assert said == "Signature Verified Successfully\n"


def test_pkcs11_tool_pads_for_pss(issued: Issued) -> None:
    if not issued.kind.startswith("RSA"):
        pytest.skip("padding is RSA's")
    issued.sign("SHA256-RSA-PKCS-PSS", "message", "signature")
    scheme = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest")
    verified = ("-verify", "public.pem", "-signature", "signature", "message")
    assert run(issued.folder, "openssl", "dgst", "-sha256", *scheme, *verified) == "Verified OK\n"


def test_pkcs15_crypt_signs_too(issued: Issued) -> None:
    folder, rsa = issued.folder, issued.kind.startswith("RSA")
    digest = "sha384" if issued.kind == "P-384" else "sha256"
    run(folder, "openssl", "dgst", f"-{digest}", "-binary", "-out", "digest", "message")
    how = ("--sha-256", "--pkcs1") if rsa else ("--signature-format", "openssl")
    key = ("--key", SIGNING_KEY, "--pin", PIN)
    run(folder, "pkcs15-crypt", "--sign", *how, *key, "-i", "digest", "-o", "signature")
    verified = ("-verify", "public.pem", "-signature", "signature", "message")
    assert run(folder, "openssl", "dgst", f"-{digest}", *verified) == "Verified OK\n"


def test_yubico_piv_tool_signs_too(issued: Issued) -> None:
    if issued.kind == "RSA-3072":
        pytest.skip("version 2.2 knows no RSA-3072")
    digest = "SHA384" if issued.kind == "P-384" else "SHA256"
    pin = ("-a", "verify-pin", "-P", PIN)
    said = yubico(
        issued.folder, *pin, "-a", "test-signature", "-s", "9c", "-H", digest, "-i", "read.pem"
    )
    assert said.splitlines()[-1].startswith("Successful")


def test_without_the_pin_nobody_signs(issued: Issued) -> None:
    sign = ("--sign", "--id", SIGNING_KEY, "-m", MECHANISMS[issued.kind][0][0])
    files = ("-i", "message", "-o", "nothing")
    wrong = ("--login", "--pin", "11111111")
    tool = ("pkcs11-tool", "--module", "opensc-pkcs11.so")
    for login in ((), wrong):
        assert attempt(issued.folder, *tool, *login, *sign, *files).returncode != 0
    assert not (issued.folder / "nothing").exists()

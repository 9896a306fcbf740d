"""OpenSC's programs drive our virtual card: it looks like a PIV card and behaves like one.

What OpenSC 0.23 cannot do on any card with OpenSSL 3: print the key that its piv-tool ordered,
and external authentication by AES.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from cardops import tlv, transport
from cardops.cards import key_types
from cardops.cards.key_types import KeyType
from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, TRANSPORT_PIN, PivCard
from cardops.cards.profile import Role
from cardops.channel import Channel
from cardops.virtual.control import Control
from tests.cardops import applications, programs
from tests.cardops.programs import attempt, pkcs11, pkcs15, run

pytestmark = pytest.mark.card

PIN, PUK = TRANSPORT_PIN.decode(), "12345678"


@contextmanager
def administered() -> Iterator[PivCard]:
    """Lend the card to us for a moment; nobody is authenticated afterwards."""
    connection = transport.connect()
    piv = applications.piv(Channel(connection))
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    yield piv
    connection.close()


@pytest.fixture
def personalised(card: Control) -> bytes:
    """Return the identifier that the card was given."""
    with administered() as piv:
        piv.mark_personalised()
        return tlv.find(piv.read_object(0x5FC102) or b"", 0x34)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "management.key").write_bytes(FACTORY_MANAGEMENT_KEY)
    monkeypatch.setenv("PIV_EXT_AUTH_KEY", str(tmp_path / "management.key"))
    return tmp_path


def test_it_sees_a_piv_card(personalised: bytes, folder: Path) -> None:
    said = run(folder, "piv-tool", "--name").splitlines()[-1]
    assert said == "Personal Identity Verification Card"
    serial = run(folder, "piv-tool", "--serial").splitlines()[1]
    assert bytes.fromhex(serial[:48]) == personalised
    slots = pkcs11(folder, "--list-slots")
    assert "token manufacturer : piv_II" in slots
    assert "login required" in slots


@pytest.mark.parametrize("key_type", list(KeyType))
def test_it_orders_a_key_under_the_management_key(
    personalised: bytes, folder: Path, key_type: KeyType
) -> None:
    refused = attempt(folder, "piv-tool", "-G", f"9A:{key_type:02X}")
    assert "gen_key failed" in refused.stdout
    attempt(folder, "piv-tool", "-A", "M:9B:0A", "-G", f"9A:{key_type:02X}")
    with administered() as piv:
        piv.verify(bytearray(TRANSPORT_PIN))
        algorithm = key_types.hash_of(key_type)
        assert piv.sign(Role.AUTHENTICATION, key_type, bytes(algorithm.digest_size), algorithm)


@pytest.mark.parametrize("packed", [False, True])
def test_it_stores_a_certificate(personalised: bytes, folder: Path, *, packed: bool) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    certificate = programs.certificate_for(key)
    programs.write(folder / "mine.pem", certificate)
    (folder / "mine.gz").write_bytes(gzip.compress(certificate.public_bytes(Encoding.DER)))
    how = ("-Z", "9C", "-i", "mine.gz") if packed else ("-C", "9C", "-i", "mine.pem")
    attempt(folder, "piv-tool", "-A", "M:9B:0A", *how)  # it ends with the size as its code
    pkcs15(folder, "--read-certificate", "02", "-o", "read.pem")
    assert x509.load_pem_x509_certificate((folder / "read.pem").read_bytes()) == certificate


def test_it_reads_the_objects(personalised: bytes, folder: Path) -> None:
    dump = pkcs15(folder, "--dump")
    for name in ("Card Capability Container", "Card Holder Unique Identifier", "Discovery"):
        assert f"Data object '{name}" in dump
    assert "7E124F0BA0000003080000100001005F2F024000" in dump


def test_it_changes_and_unblocks_the_pin(personalised: bytes, folder: Path) -> None:
    pkcs15(folder, "--change-pin", "--pin", PIN, "--new-pin", "654321")
    pkcs15(folder, "--verify-pin", "--pin", "654321")
    for _try in range(3):
        assert attempt(folder, "pkcs15-tool", "--verify-pin", "--pin", "111111").returncode != 0
    pkcs15(folder, "--unblock-pin", "--puk", PUK, "--new-pin", PIN)
    pkcs11(folder, "--change-pin", "--pin", PIN, "--new-pin", "654321")
    pkcs11(folder, "--login", "--pin", "654321", "--list-objects")

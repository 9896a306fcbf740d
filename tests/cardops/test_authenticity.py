"""Whether a card's data are the ministry's: genuine ones, forged ones, and what nobody can tell."""

import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cardops import errors, identity, transport
from cardops.channel import Channel
from cardops.identity import Kind, Proof, authenticity, authorities, files
from cardops.virtual import identity_files
from cardops.virtual.card import VirtualCard
from cardops.virtual.control import Control
from cardops.virtual.make import Make
from cardops.virtual.ministry import Ministry
from cardops.virtual.people import PEOPLE
from cardops.virtual.piv import Memory
from tests.reader import put_in

MINISTRY, PROVEN = Ministry.new(), Proof("proven")
FORGERIES = {
    "surname": Proof("not-proven", "file-differs", ("0F03",)),
    "signature": Proof("not-proven", "signature", ("0F1C",)),
    "signer": Proof("not-proven", "signer", ("0F1C",)),
    "holder": Proof("not-proven", "signer", ("0F1C",)),
    "unsigned": Proof("cannot-tell", "no-hashes", ("0F1C",)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cas")
    (folder / "ministry.pem").write_text(MINISTRY.pem)
    return folder


def proof(folder: Path | None, person: str = "milica", **made: Any) -> Proof:
    card = VirtualCard(PEOPLE[person], Memory(), Make(**made), MINISTRY)
    return identity.read(Channel(card), authorities=authorities.load(folder)).proof


@pytest.mark.card
@pytest.mark.parametrize(("forged", "wanted"), [("", PROVEN), *FORGERIES.items()])
def test_through_the_reader(reader: Control, tmp_path: Path, forged: str, wanted: Proof) -> None:
    put_in(reader, forged=forged)
    (tmp_path / "ca.pem").write_text(reader.status()["ministry"])
    connection = transport.connect()
    read = identity.read(Channel(connection), authorities=authorities.load(tmp_path))
    connection.close()
    assert read.proof == wanted


@pytest.mark.parametrize("kind", ["citizen", "foreigner", "residence-permit"])
def test_every_kind_of_card_is_proven(folder: Path, kind: str) -> None:
    assert proof(folder, "anna", identity=kind) == PROVEN


def test_without_authorities_a_forgery_is_seen_but_nothing_proven() -> None:
    assert proof(None) == Proof("cannot-tell", "no-authorities", ("0F1C",))
    assert proof(None, forged="surname") == FORGERIES["surname"]
    assert proof(None, forged="signature") == FORGERIES["signature"]


@pytest.mark.parametrize("name", ["0F02", "0F03", "0F04", "0F06"])
def test_every_file_is_covered(folder: Path, name: str) -> None:
    honest = identity_files.files(PEOPLE["milica"], Make(), MINISTRY)[bytes.fromhex(name)]
    changed = honest[:-1] + bytes((honest[-1] ^ 1,))
    found = proof(folder, files={name: changed.hex()})
    assert found == Proof("not-proven", "file-differs", (name,))


def test_the_files_of_another_card_do_not_fit(folder: Path) -> None:
    others = identity_files.files(PEOPLE["marko"], Make(), MINISTRY)
    swapped = {name: others[bytes.fromhex(name)].hex() for name in ("0F02", "0F1C")}
    assert proof(folder, files=swapped) == Proof("not-proven", "file-differs", ("0F03",))


def test_a_missing_signature_over_the_address_is_told(folder: Path) -> None:
    for absent in ("", "0F1D0000"):
        found = proof(folder, files={"0F1D": absent})
        assert found == Proof("cannot-tell", "no-hashes", ("0F1D",))


def test_what_is_damaged_proves_nothing(folder: Path) -> None:
    """Only fields that nobody signs can change unseen: versions, lists of algorithms."""
    trusted = authorities.load(folder)
    honest = contents_of("milica")
    whole = honest[files.FIXED_HASHES]
    for place in range(8, len(whole) - 1, 7):
        flipped = whole[:place] + bytes((whole[place] ^ 0x55,)) + whole[place + 1 :]
        verdict = verdict_on(honest | {files.FIXED_HASHES: flipped}, trusted)
        assert verdict == "not-proven" or essence(flipped) == essence(whole)
        cut = honest | {files.FIXED_HASHES: whole[: place + 1]}
        assert verdict_on(cut, trusted) == "not-proven"


def contents_of(person: str) -> dict[int, bytes]:
    made = identity_files.files(PEOPLE[person], Make(), MINISTRY)
    return {int.from_bytes(name, "big"): content for name, content in made.items()}


def verdict_on(contents: dict[int, bytes], trusted: authenticity.Authorities) -> str:
    return authenticity.examine(contents, Kind.CITIZEN, trusted).verdict


def essence(content: bytes) -> tuple[bytes, ...]:
    """Return what counts of a signature: what is signed, by which certificate, and the value."""
    signed = cms.ContentInfo.load(content[8:])["content"]
    (signer,) = signed["signer_infos"]
    parts = (signed["encap_content_info"], signed["certificates"], signer["signed_attrs"])
    return (*(part.dump() for part in parts), signer["signature"].native)


def test_openssl_agrees_about_the_signature(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "signed.der").write_bytes(contents_of("milica")[files.FIXED_HASHES][8:])
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", "signed.der"]
    command += ["-CAfile", str(folder / "ministry.pem"), "-purpose", "any", "-out", "hashes"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    covered = (contents_of("milica")[file] for file in authenticity.COVERED[files.FIXED_HASHES])
    hashes = b"".join(hashlib.sha256(each).digest() for each in covered)
    assert (tmp_path / "hashes").read_bytes() == hashes


def test_a_signer_is_trusted_although_the_certificate_ended(folder: Path) -> None:
    long_ago = Ministry.new(began=datetime.now(UTC) - timedelta(days=6000))
    card = VirtualCard(PEOPLE["milica"], Memory(), Make(), long_ago)
    trusted = (asn1(long_ago.authority),)
    assert identity.read(Channel(card), authorities=trusted).proof == PROVEN


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


# which authorities a desk trusts


def test_a_folder_may_hold_both_encodings(folder: Path, tmp_path: Path) -> None:
    other = Ministry.new()
    (tmp_path / "both.pem").write_text(MINISTRY.pem + other.pem)
    (tmp_path / "other.cer").write_bytes(other.authority.public_bytes(Encoding.DER))
    (tmp_path / ".hidden").write_text("no certificate")
    named = [each.subject.native["common_name"] for each in authorities.load(tmp_path)]
    assert named == ["Synthetic ministry CA, development only"] * 3
    assert proof(tmp_path) == PROVEN


@pytest.mark.parametrize("content", [b"", b"text", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_that_holds_none_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.pem").write_bytes(content)
    with pytest.raises(errors.ConfigurationError) as named:
        authorities.load(tmp_path)
    assert named.value.facts == {"file": "broken.pem"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.ConfigurationError) as named:
        authorities.load(tmp_path / "nowhere")
    assert named.value.facts == {"file": str(tmp_path / "nowhere")}

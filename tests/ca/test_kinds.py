"""Every kind of key on a card, under every kind of key that the body may have."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import SignatureAlgorithmOID

from registration import ca
from registration.ca import checks, keys, profiles, proof
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import CARefusedError, ProofError
from tests.ca.cards import NOW, SUBJECT, Card

EVERY_CARD = pytest.mark.parametrize("kind", keys.CARD_KINDS)
EVERY_BODY = pytest.mark.parametrize("body_kind", keys.BODY_KINDS)
CHALLENGE = bytes(range(32))
SIGNATURES = {
    "P-256": SignatureAlgorithmOID.ECDSA_WITH_SHA256,
    "P-384": SignatureAlgorithmOID.ECDSA_WITH_SHA384,
    "RSA-3072": SignatureAlgorithmOID.RSA_WITH_SHA256,
}


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    return {kind: Card(key=keys.generate(kind)) for kind in keys.CARD_KINDS}


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, EmbeddedCA]:
    folder = tmp_path_factory.mktemp("bodies")
    return {
        kind: EmbeddedCA(folder / kind, key_kind=kind, clock=lambda: NOW)
        for kind in keys.BODY_KINDS
    }


@EVERY_BODY
@EVERY_CARD
def test_what_is_issued_passes_our_checks(
    bodies: dict[str, EmbeddedCA], cards: dict[str, Card], body_kind: str, kind: str
) -> None:
    request, body = cards[kind].request(kind), bodies[body_kind]
    certificate = body.enrol(request).certificate
    checked = checks.check(certificate, request, body.chain(), NOW, None, strict_identifiers=True)
    assert keys.kind_of(keys.require(checked.public_key())) == kind
    assert checked.signature_algorithm_oid == SIGNATURES[body_kind]


@EVERY_BODY
def test_a_promise_signed_twice_gives_the_same_bytes(
    tmp_path: Path, body_kind: str, card: Card
) -> None:
    body = EmbeddedCA(tmp_path, key_kind=body_kind, clock=lambda: NOW)
    first = body.enrol(card.request())
    for path in tmp_path.glob("ledger/certificates/*.cer"):
        path.unlink()  # as if the first signer had died before keeping it
    assert body.enrol(card.request()) == first
    assert body.health().ok


@EVERY_CARD
def test_the_card_proves_itself_twice(
    bodies: dict[str, EmbeddedCA], cards: dict[str, Card], kind: str
) -> None:
    card = cards[kind]
    assert proof.verify_request(card.csr(), SUBJECT) == card.key.public_key()
    certificate = bodies["P-384"].enrol(card.request(kind)).certificate
    signature = card.prove("issuance-1", CHALLENGE)
    proof.verify_pairing(certificate, "issuance-1", CHALLENGE, signature)
    with pytest.raises(ProofError) as refusal:
        proof.verify_pairing(certificate, "issuance-2", CHALLENGE, signature)
    assert refusal.value.reason == "signature-does-not-verify"


def test_a_weak_exponent_is_outside_the_profile() -> None:
    weak = rsa.RSAPublicNumbers(3, keys.generate("RSA-2048").public_key().public_numbers().n)
    profile = profiles.load(profiles.STRICT_SIGNING)
    assert not keys.fits(weak.public_key(), profile)


def test_the_settings_choose_the_body_s_keys(tmp_path: Path) -> None:
    section = {"CONNECTOR": "embedded", "FOLDER": tmp_path, "KEY_TYPE": "RSA-3072"}
    chain = [x509.load_der_x509_certificate(part) for part in ca.connect({"CA": section}).chain()]
    assert [keys.kind_of(keys.require(each.public_key())) for each in chain] == ["RSA-3072"] * 2
    with pytest.raises(CARefusedError) as refusal:
        ca.connect({"CA": section | {"KEY_TYPE": "RSA-1024"}})
    assert refusal.value.reason == "key-type-not-known"

"""Every type of key: made by the chip, used by the chip, on a real pcscd."""

import copy

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from cardops import errors, tlv
from cardops.cards import key as keys
from cardops.cards import key_types
from cardops.cards.key_types import KeyType
from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, SLOTS, TRANSPORT_PIN, PivCard
from cardops.cards.profile import Role
from cardops.channel import Channel
from cardops.transport import Connection
from cardops.virtual.control import Control

pytestmark = pytest.mark.card

EVERY_TYPE = pytest.mark.parametrize("key_type", list(KeyType), ids=lambda each: each.name)
SIGNATURES = {
    KeyType.RSA2048: SignatureAlgorithmOID.RSA_WITH_SHA256,
    KeyType.RSA3072: SignatureAlgorithmOID.RSA_WITH_SHA256,
    KeyType.P256: SignatureAlgorithmOID.ECDSA_WITH_SHA256,
    KeyType.P384: SignatureAlgorithmOID.ECDSA_WITH_SHA384,
}


def make(piv: PivCard, key_type: KeyType) -> keys.Key:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    public = piv.generate(Role.SIGNING, key_type)
    chip = keys.Chip(piv, Role.SIGNING, key_type, lambda: piv.verify(bytearray(TRANSPORT_PIN)))
    return keys.on(chip, public)


@EVERY_TYPE
def test_the_chips_signature_verifies(piv: PivCard, key_type: KeyType) -> None:
    key = make(piv, key_type)
    signature = keys.sign(key, b"a message")
    public, algorithm = key.public_key(), key.chip.hash_algorithm
    key_types.verify(public, signature, b"a message", algorithm)
    with pytest.raises(InvalidSignature):
        key_types.verify(public, signature, b"another", algorithm)
    assert key_types.of(public) == key_type


@EVERY_TYPE
def test_a_request_is_signed_by_the_chip(piv: PivCard, key_type: KeyType) -> None:
    key = make(piv, key_type)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Милица Ђорђевић")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name)
    signed = request.sign(key, key.chip.hash_algorithm)
    assert signed.is_signature_valid
    assert signed.public_key() == key.public_key()
    assert signed.signature_algorithm_oid == SIGNATURES[key_type]


@pytest.mark.parametrize("algorithm", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_an_rsa_key_signs_every_hash_of_the_family(
    piv: PivCard, algorithm: hashes.SHA256 | hashes.SHA384 | hashes.SHA512
) -> None:
    key = make(piv, KeyType.RSA2048)
    signature = key.chip.sign(b"a message", algorithm)
    key_types.verify(key.public_key(), signature, b"a message", algorithm)


@EVERY_TYPE
def test_another_key_in_the_slot_is_found_out(piv: PivCard, key_type: KeyType) -> None:
    before, _now = make(piv, key_type), make(piv, key_type)
    with pytest.raises(errors.KeyMismatchError):
        keys.sign(before, b"a message")


@EVERY_TYPE
def test_the_card_tells_what_it_holds(
    piv: PivCard, connection: Connection, key_type: KeyType
) -> None:
    public = make(piv, key_type).public_key()
    metadata = dict(
        tlv.unpack(Channel(connection).send(0x00, 0xF7, 0x00, SLOTS[Role.SIGNING], le=0))
    )
    assert metadata[1] == bytes((key_type,))
    assert key_types.read(key_type, metadata[4]) == public


@EVERY_TYPE
def test_a_block_of_another_length_is_refused(
    piv: PivCard, connection: Connection, key_type: KeyType
) -> None:
    make(piv, key_type)
    piv.verify(bytearray(TRANSPORT_PIN))
    template = tlv.pack(0x7C, tlv.pack(0x82, b"") + tlv.pack(0x81, bytes(20)))
    with pytest.raises(errors.ApduError) as refused:
        Channel(connection).send(0x00, 0x87, key_type, SLOTS[Role.SIGNING], template, 0)
    assert refused.value.sw == 0x6A80


def test_a_key_serves_its_own_algorithm_only(piv: PivCard) -> None:
    make(piv, KeyType.P384)
    piv.verify(bytearray(TRANSPORT_PIN))
    with pytest.raises(errors.ApduError) as refused:
        piv.sign(Role.SIGNING, KeyType.P256, bytes(32), hashes.SHA256())
    assert refused.value.sw == 0x6A86


def test_a_chip_takes_its_time_for_a_key_and_nothing_times_out(piv: PivCard, card: Control) -> None:
    card.fault("slow", ins=0x47, seconds=3.0)
    keys.sign(make(piv, KeyType.RSA3072), b"a message")


@pytest.mark.parametrize(
    ("key_type", "fields"),
    [
        (KeyType.P256, tlv.pack(0x86, b"\x04" + bytes(63))),
        (KeyType.P384, tlv.pack(0x81, bytes(256))),
        (KeyType.RSA2048, tlv.pack(0x81, b"\xff" * 255) + tlv.pack(0x82, b"\x01\x00\x01")),
        (KeyType.RSA2048, tlv.pack(0x81, b"\xff" * 256)),
        (KeyType.RSA3072, b"\x81\x82\x01\x80\xff"),
    ],
)
def test_a_malformed_public_key_is_none(key_type: KeyType, fields: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        key_types.read(key_type, fields)


@EVERY_TYPE
def test_a_key_stays_where_it_is(piv: PivCard, key_type: KeyType) -> None:
    key = make(piv, key_type)
    assert copy.copy(key) is copy.deepcopy(key) is key
    for leak in (key.private_numbers, key.private_bytes, key.exchange, key.decrypt):
        with pytest.raises(NotImplementedError):
            leak()


def test_what_the_chip_cannot_pad_or_hash_is_named(piv: PivCard) -> None:
    key = make(piv, KeyType.RSA2048)
    assert isinstance(key, keys.RsaKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    with pytest.raises(NotImplementedError):
        key.sign(b"a message", scheme, hashes.SHA256())
    with pytest.raises(NotImplementedError):
        key.sign(b"a message", padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 refused


@pytest.mark.parametrize(
    "public",
    [
        ec.generate_private_key(ec.SECP521R1()).public_key(),
        rsa.generate_private_key(65537, 4096).public_key(),
        ec.generate_private_key(ec.SECP256R1()).public_key(),
    ],
)
def test_a_key_of_another_type_is_a_mismatch(public: key_types.PublicKey) -> None:
    with pytest.raises(errors.KeyMismatchError):
        key_types.require(public, KeyType.P384)

"""Our PIV commands on a real pcscd."""

import secrets

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from cardops import errors, tlv, transport
from cardops.cards.key_types import KeyType
from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, TRANSPORT_PIN, PivCard
from cardops.cards.profile import Role
from cardops.channel import Channel
from cardops.virtual.control import Control
from tests.cardops import applications
from tests.reader import put_in

pytestmark = pytest.mark.card

PIN = b"83520174"
WRONG = b"11223344"


def test_a_wrong_pin_costs_a_try_and_the_third_blocks(piv: PivCard) -> None:
    left = []
    for _try in range(2):
        with pytest.raises(errors.InvalidPinError) as wrong:
            piv.verify(bytearray(WRONG))
        left.append(wrong.value.tries_left)
    with pytest.raises(errors.PinBlockedError):
        piv.verify(bytearray(WRONG))
    assert (left, piv.pin_status().tries_left) == ([2, 1], 0)
    with pytest.raises(errors.PinBlockedError):
        piv.verify(bytearray(TRANSPORT_PIN))


def test_the_first_pin_replaces_the_transport_pin(piv: PivCard) -> None:
    piv.change_pin(bytearray(TRANSPORT_PIN), bytearray(PIN))
    piv.verify(bytearray(PIN))
    with pytest.raises(errors.InvalidPinError):
        piv.verify(bytearray(TRANSPORT_PIN))


@pytest.mark.parametrize("pin", [b"12345", b"123456789", b"12345a"])
def test_what_is_no_pin_never_reaches_the_card(piv: PivCard, pin: bytes) -> None:
    with pytest.raises(errors.PinLengthError):
        piv.verify(bytearray(pin))
    assert piv.pin_status().tries_left == 3


def test_card_and_counter_prove_the_management_key_to_each_other(piv: PivCard) -> None:
    with pytest.raises(errors.ManagementKeyError):
        piv.authenticate(bytes(24))
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    own = secrets.token_bytes(24)
    piv.set_management_key(own)
    with pytest.raises(errors.ManagementKeyError):
        piv.authenticate(FACTORY_MANAGEMENT_KEY)
    piv.authenticate(own)


def test_a_key_needs_the_management_key_first(piv: PivCard) -> None:
    with pytest.raises(errors.ApduError) as refused:
        piv.generate(Role.SIGNING, KeyType.P256)
    assert refused.value.sw == 0x6982


def test_the_signing_slot_wants_the_pin_before_every_use(piv: PivCard) -> None:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    piv.generate(Role.SIGNING, KeyType.P256)
    piv.verify(bytearray(TRANSPORT_PIN))
    piv.sign(Role.SIGNING, KeyType.P256, bytes(32), hashes.SHA256())
    with pytest.raises(errors.ApduError) as refused:
        piv.sign(Role.SIGNING, KeyType.P256, bytes(32), hashes.SHA256())
    assert refused.value.sw == 0x6982


@pytest.mark.parametrize("size", [1, 200, 254, 255, 256, 1500, 3000])
def test_a_certificate_comes_back_byte_for_byte(piv: PivCard, size: int) -> None:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    written = secrets.token_bytes(size)
    piv.write_certificate(Role.SIGNING, written)
    assert piv.read_certificate(Role.SIGNING) == written
    assert piv.read_certificate(Role.AUTHENTICATION) is None


def test_a_card_is_blank_until_somebody_personalised_it(piv: PivCard) -> None:
    assert piv.transport_pin() == TRANSPORT_PIN
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    piv.mark_personalised()
    assert piv.transport_pin() is None


def test_without_vendor_commands_only_the_key_change_is_missing(card: Control) -> None:
    put_in(card, vendor=False)
    connection = transport.connect()
    try:
        piv = applications.piv(Channel(connection))
        piv.authenticate(FACTORY_MANAGEMENT_KEY)
        with pytest.raises(errors.ApduError) as refused:
            piv.set_management_key(bytes(24))
        piv.generate(Role.SIGNING, KeyType.P256)
    finally:
        connection.close()
    assert refused.value.sw == 0x6D00


def test_the_pin_is_forgotten_when_the_card_is_left(piv: PivCard, card: Control) -> None:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    piv.generate(Role.SIGNING, KeyType.P256)
    piv.verify(bytearray(TRANSPORT_PIN))
    other = transport.connect()
    other.close(reset=True)
    with pytest.raises(errors.CardResetError):
        piv.sign(Role.SIGNING, KeyType.P256, bytes(32), hashes.SHA256())
    assert card.status()["pin_left"] == 3


def test_the_key_can_be_proven_by_external_authentication(
    piv: PivCard, connection: transport.Connection
) -> None:
    channel = Channel(connection)
    for spoil, expected in ((1, 0x6982), (0, 0x9000)):
        asked = channel.send(0x00, 0x87, 0x0A, 0x9B, bytes.fromhex("7C028100"), 0)
        cipher = Cipher(algorithms.AES(FACTORY_MANAGEMENT_KEY), modes.ECB()).encryptor()  # noqa: S305 the standard's
        answer = bytearray(cipher.update(tlv.find(tlv.find(asked, 0x7C), 0x81)))
        answer[0] ^= spoil
        data = tlv.pack(0x7C, tlv.pack(0x82, bytes(answer)))
        said = connection.transmit(bytes((0x00, 0x87, 0x0A, 0x9B, len(data))) + data)
        assert int.from_bytes(said, "big") == expected
    piv.generate(Role.SIGNING, KeyType.P256)


def test_the_discovery_object_names_application_and_pin(connection: transport.Connection) -> None:
    channel = Channel(connection)
    applications.piv(channel)
    found = tlv.find(channel.send(0x00, 0xCB, 0x3F, 0xFF, bytes.fromhex("5C017E"), 0), 0x7E)
    assert dict(tlv.unpack(found)) == {
        0x4F: bytes.fromhex("A000000308000010000100"),
        0x5F2F: bytes.fromhex("4000"),
    }


def test_a_verified_pin_can_be_given_up(piv: PivCard, connection: transport.Connection) -> None:
    channel = Channel(connection)
    piv.verify(bytearray(TRANSPORT_PIN))
    channel.send(0x00, 0x20, 0x00, 0x80)
    channel.send(0x00, 0x20, 0xFF, 0x80)
    with pytest.raises(errors.ApduError) as told:
        channel.send(0x00, 0x20, 0x00, 0x80)
    assert told.value.sw == 0x63C3

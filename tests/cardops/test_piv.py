"""Our PIV commands on a real pcscd."""

import secrets

import pytest

from cardops import errors, transport
from cardops.cards.key_types import KeyType
from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, TRANSPORT_PIN, PivCard, Slot
from cardops.channel import Channel
from cardops.virtual.control import Control
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
    assert (left, piv.tries_left()) == ([2, 1], 0)
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
    assert piv.tries_left() == 3


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
        piv.generate(Slot.SIGNATURE, KeyType.P256)
    assert refused.value.sw == 0x6982


def test_the_signing_slot_wants_the_pin_before_every_use(piv: PivCard) -> None:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    piv.generate(Slot.SIGNATURE, KeyType.P256)
    piv.verify(bytearray(TRANSPORT_PIN))
    piv.sign(Slot.SIGNATURE, KeyType.P256, bytes(32))
    with pytest.raises(errors.ApduError) as refused:
        piv.sign(Slot.SIGNATURE, KeyType.P256, bytes(32))
    assert refused.value.sw == 0x6982


@pytest.mark.parametrize("size", [1, 200, 254, 255, 256, 1500, 3000])
def test_a_certificate_comes_back_byte_for_byte(piv: PivCard, size: int) -> None:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    written = secrets.token_bytes(size)
    piv.write_certificate(Slot.SIGNATURE, written)
    assert piv.read_certificate(Slot.SIGNATURE) == written
    assert piv.read_certificate(Slot.AUTHENTICATION) is None


def test_a_card_is_blank_until_somebody_personalised_it(piv: PivCard) -> None:
    assert piv.is_blank()
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    piv.write_card_holder_id(bytes(16))
    assert not piv.is_blank()


def test_without_vendor_commands_only_the_key_change_is_missing(card: Control) -> None:
    put_in(card, vendor=False)
    connection = transport.connect()
    try:
        piv = PivCard.select(Channel(connection))
        piv.authenticate(FACTORY_MANAGEMENT_KEY)
        with pytest.raises(errors.ApduError) as refused:
            piv.set_management_key(bytes(24))
        piv.generate(Slot.SIGNATURE, KeyType.P256)
    finally:
        connection.close()
    assert refused.value.sw == 0x6D00


def test_the_pin_is_forgotten_when_the_card_is_left(piv: PivCard, card: Control) -> None:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    piv.generate(Slot.SIGNATURE, KeyType.P256)
    piv.verify(bytearray(TRANSPORT_PIN))
    other = transport.connect()
    other.close(reset=True)
    with pytest.raises(errors.CardResetError):
        piv.sign(Slot.SIGNATURE, KeyType.P256, bytes(32))
    assert card.status()["pin_left"] == 3

"""The PKI application of the Serbian card: all that can be done without the vendor's module.

OpenSC 0.23 calls it "Unsupported card": no program but ours could be held against the virtual one.
"""

import zlib
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cardops import errors, transport
from cardops.cards import key, selection
from cardops.cards.cardedge import CardEdgeCard
from cardops.cards.key_types import KeyType
from cardops.cards.piv import PivCard
from cardops.cards.profile import Ability, CardProfile, PinStatus, Role
from cardops.channel import Channel
from cardops.virtual import cardedge
from cardops.virtual.card import VirtualCard
from cardops.virtual.control import Control
from cardops.virtual.make import Make
from cardops.virtual.ministry import Ministry
from cardops.virtual.people import PEOPLE
from cardops.virtual.piv import Memory
from tests.reader import put_in

PIN, NEW = b"123456", b"9051"


@pytest.fixture
def card(reader: Control) -> Iterator[CardProfile]:
    put_in(reader, applet="cardedge")
    connection = transport.connect()
    yield selection.select(Channel(connection))
    connection.close()


@pytest.fixture(scope="module")
def memory() -> Memory:
    return cardedge.memory(PEOPLE["milica"])


def probe(memory: Memory) -> CardEdgeCard | None:
    made = VirtualCard(PEOPLE["milica"], memory, Make(applet="cardedge"), Ministry.new())
    return CardEdgeCard.probe(Channel(made))


def changed(memory: Memory, **files: bytes) -> Memory:
    named = {name.encode(): content for name, content in files.items()}
    return Memory(
        memory.pin, memory.puk, memory.management_key, memory.keys, memory.objects | named
    )


def public_key(card: CardProfile, role: Role) -> rsa.RSAPublicKey:
    certificate = x509.load_der_x509_certificate(card.read_certificate(role) or b"")
    found = certificate.public_key()
    assert isinstance(found, rsa.RSAPublicKey)
    return found


@pytest.mark.card
def test_it_is_told_from_a_piv_card(reader: Control, card: CardProfile) -> None:
    assert (card.name, card.abilities) == ("cardedge", frozenset({Ability.CHANGE_PIN}))
    put_in(reader)
    connection = transport.connect()
    assert CardEdgeCard.probe(Channel(connection)) is None
    assert isinstance(selection.select(Channel(connection)), PivCard)
    connection.close()


@pytest.mark.card
def test_each_role_has_its_certificate_and_signs_with_its_own_key(card: CardProfile) -> None:
    card.verify(bytearray(PIN))
    for role in Role:
        chip = key.Chip(card, role, KeyType.RSA2048, lambda: None)
        signature = chip.sign(b"text", hashes.SHA256())
        public_key(card, role).verify(signature, b"text", padding.PKCS1v15(), hashes.SHA256())
    assert public_key(card, Role.SIGNING) != public_key(card, Role.AUTHENTICATION)


@pytest.mark.card
@pytest.mark.parametrize("algorithm", [hashes.SHA384(), hashes.SHA512()])
def test_it_signs_every_hash(card: CardProfile, algorithm: hashes.SHA384 | hashes.SHA512) -> None:
    card.verify(bytearray(PIN))
    chip = key.Chip(card, Role.SIGNING, KeyType.RSA2048, lambda: None)
    signature = chip.sign(b"text", algorithm)
    public_key(card, Role.SIGNING).verify(signature, b"text", padding.PKCS1v15(), algorithm)


@pytest.mark.card
def test_it_signs_only_under_the_pin(card: CardProfile) -> None:
    with pytest.raises(errors.ApduError) as refusal:
        card.sign(Role.SIGNING, KeyType.RSA2048, bytes(32), hashes.SHA256())
    assert refusal.value.sw == 0x6982


@pytest.mark.card
def test_a_wrong_pin_costs_tries_until_it_is_blocked(card: CardProfile) -> None:
    assert card.pin_status() == PinStatus(3)
    for left in (2, 1):
        with pytest.raises(errors.InvalidPinError) as wrong:
            card.verify(bytearray(b"0000"))
        assert (wrong.value.tries_left, card.pin_status()) == (left, PinStatus(left))
    with pytest.raises(errors.PinBlockedError):
        card.verify(bytearray(b"0000"))
    assert card.pin_status().blocked
    with pytest.raises(errors.PinBlockedError):
        card.verify(bytearray(PIN))


@pytest.mark.card
def test_a_pin_of_four_to_eight_digits_is_changed(card: CardProfile) -> None:
    for wrong in (b"123", b"123456789", b"12a4", b""):
        with pytest.raises(errors.PinLengthError):
            card.change_pin(bytearray(PIN), bytearray(wrong))
    card.change_pin(bytearray(PIN), bytearray(NEW))
    card.change_pin(bytearray(NEW), bytearray(b"12345678"))
    card.verify(bytearray(b"12345678"))
    with pytest.raises(errors.InvalidPinError):
        card.verify(bytearray(PIN))


@pytest.mark.card
def test_the_pin_stays_right_when_the_application_is_selected_again(card: CardProfile) -> None:
    card.verify(bytearray(PIN))
    assert card.pin_status() == PinStatus(PinStatus.full)


def test_what_only_the_vendors_module_can_do_is_said(memory: Memory) -> None:
    card = probe(memory)
    assert card is not None
    tried: dict[Ability, list[Callable[[], object]]] = {
        Ability.GENERATE: [partial(card.generate, Role.SIGNING, KeyType.RSA2048)],
        Ability.UNBLOCK: [partial(card.unblock, b"12345678", bytearray(PIN))],
        Ability.WRITE: [
            partial(card.write_certificate, Role.SIGNING, b""),
            partial(card.administer, bytes(24)),
            card.mark_personalised,
        ],
    }
    for ability, verbs in tried.items():
        for verb in verbs:
            with pytest.raises(errors.NotAvailableError) as refusal:
                verb()
            assert (refusal.value.ability, refusal.value.profile) == (ability, "cardedge")
    assert set(tried) == set(Ability) - card.abilities - {Ability.PIN_PAD}


def test_no_other_kind_of_key_signs(memory: Memory) -> None:
    card = probe(memory)
    assert card is not None
    with pytest.raises(errors.KeyMismatchError):
        card.sign(Role.SIGNING, KeyType.P256, bytes(32), hashes.SHA256())


# files


def stored(content: bytes) -> bytes:
    return len(content).to_bytes(2, "little") + content


def test_a_certificate_may_lie_unpacked(memory: Memory) -> None:
    card = probe(memory)
    assert card is not None
    der = card.read_certificate(Role.SIGNING)
    assert der is not None
    raw = probe(changed(memory, ksc01=stored(der)))
    assert raw is not None
    assert raw.read_certificate(Role.SIGNING) == der


def test_two_bytes_may_stand_before_the_containers(memory: Memory) -> None:
    card = probe(changed(memory, cmapfile=bytes(2) + memory.objects[b"cmapfile"]))
    assert card is not None
    assert card.read_certificate(Role.SIGNING) is not None


@pytest.mark.parametrize("containers", [b"", bytes(2 * 86)])
def test_a_card_without_containers_has_no_certificate(memory: Memory, containers: bytes) -> None:
    card = probe(changed(memory, cmapfile=containers))
    assert card is not None
    assert [card.read_certificate(role) for role in Role] == [None, None]
    with pytest.raises(errors.KeyMismatchError):
        card.sign(Role.SIGNING, KeyType.RSA2048, bytes(32), hashes.SHA256())


PACKED = zlib.compress(bytes(1000))
GARBAGE = {
    "empty": b"",
    "shorter than it says": b"\xff\x00\x30",
    "no length of the plain": stored(b"\x01\x00"),
    "not packed": stored(b"\x01\x00\x10\x00no zlib"),
    "another size": stored(b"\x01\x00\x10\x00" + PACKED),
    "cut": stored(b"\x01\x00\xe8\x03" + PACKED[:-6]),
    "without its check sum": stored(b"\x01\x00\xe8\x03" + PACKED[:-4]),
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_a_fault_of_the_card(memory: Memory, what: str) -> None:
    card = probe(changed(memory, ksc01=GARBAGE[what]))
    assert card is not None
    with pytest.raises(errors.CardAnswerError):
        card.read_certificate(Role.SIGNING)


def test_containers_of_another_size_are_a_fault_of_the_card(memory: Memory) -> None:
    card = probe(changed(memory, cmapfile=bytes(90)))
    assert card is not None
    with pytest.raises(errors.CardAnswerError):
        card.read_certificate(Role.SIGNING)

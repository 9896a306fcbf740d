"""The PIV application of a card (NIST SP 800-73-4 part 2), and what it can do for us."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Self

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from cardops import errors, tlv
from cardops.cards import key_types
from cardops.cards.key_types import KeyType, PublicKey
from cardops.channel import Channel

APPLICATION = bytes.fromhex("A000000308")
FACTORY_MANAGEMENT_KEY = bytes.fromhex("010203040506070801020304050607080102030405060708")
TRANSPORT_PIN = b"123456"

_PIN_REFERENCE = 0x80
_MANAGEMENT = 0x9B
_PIN_SIZE = 8
_CHUID, _CCC = 0x5FC102, 0x5FC107
_NOT_FOUND, _NO_SPACE, _SECURITY = 0x6A82, 0x6A84, 0x6982
_BLOCKED = 0x6983
_TRIES, _TRIES_MASK = 0x63C0, 0xFFF0


class Slot(IntEnum):
    """Key references of SP 800-73-4 part 1, table 4b."""

    AUTHENTICATION = 0x9A
    SIGNATURE = 0x9C


_CERTIFICATES = {Slot.AUTHENTICATION: 0x5FC105, Slot.SIGNATURE: 0x5FC10A}
_MANAGEMENT_ALGORITHMS = {16: 0x08, 24: 0x0A, 32: 0x0C}


@contextmanager
def _pin_errors() -> Iterator[None]:
    try:
        yield
    except errors.ApduError as refusal:
        if refusal.sw in {_BLOCKED, _TRIES}:
            raise errors.PinBlockedError from None
        if refusal.sw & _TRIES_MASK == _TRIES:
            raise errors.InvalidPinError(refusal.sw & 0xF) from None
        raise


class PivCard:
    """A selected PIV application; every verb may raise CardopsError."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @classmethod
    def select(cls, channel: Channel) -> Self:
        try:
            channel.send(0x00, 0xA4, 0x04, 0x00, APPLICATION, 0)
        except errors.ApduError as refusal:
            raise errors.UnknownCardError(sw=f"{refusal.sw:04X}") from None
        return cls(channel)

    # PIN

    def tries_left(self) -> int:
        """Return how many wrong PINs the card still takes; 0 when blocked. Costs no try."""
        try:
            self._channel.send(0x00, 0x20, 0x00, _PIN_REFERENCE)
        except errors.ApduError as answer:
            if answer.sw == _BLOCKED:
                return 0
            if answer.sw & _TRIES_MASK != _TRIES:
                raise
            return answer.sw & 0xF
        return 3  # verified in this session: the card does not tell, the counter is full

    def verify(self, pin: bytearray) -> None:
        """Present the PIN; InvalidPinError or PinBlockedError when it is refused."""
        with _pin_errors():
            self._channel.send(0x00, 0x20, 0x00, _PIN_REFERENCE, padded(pin))

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        with _pin_errors():
            self._channel.send(0x00, 0x24, 0x00, _PIN_REFERENCE, padded(old) + padded(new))

    # administration

    def authenticate(self, key: bytes) -> None:
        """Prove the management key to the card and make the card prove it too."""
        algorithm = _MANAGEMENT_ALGORITHMS[len(key)]
        cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 one block, as the standard says
        try:
            answer = self._general(algorithm, _MANAGEMENT, tlv.pack(0x80, b""))
            witness = tlv.find(answer, 0x80)
            challenge = secrets.token_bytes(16)
            decryptor, encryptor = cipher.decryptor(), cipher.encryptor()
            proof = tlv.pack(0x80, decryptor.update(witness)) + tlv.pack(0x81, challenge)
            answer = self._general(algorithm, _MANAGEMENT, proof)
            response = tlv.find(answer, 0x82)
        except (errors.ApduError, ValueError) as fault:
            raise errors.ManagementKeyError from fault
        if not secrets.compare_digest(response, encryptor.update(challenge)):
            raise errors.ManagementKeyError

    def _general(self, algorithm: int, reference: int, template: bytes) -> bytes:
        data = tlv.pack(0x7C, template)
        return tlv.find(self._channel.send(0x00, 0x87, algorithm, reference, data, 0), 0x7C)

    def set_management_key(self, key: bytes) -> None:
        """Replace the management key (Yubico's documented command FF); needs authenticate."""
        data = bytes((_MANAGEMENT_ALGORITHMS[len(key)],)) + tlv.pack(_MANAGEMENT, key)
        self._channel.send(0x00, 0xFF, 0xFF, 0xFF, data)

    # keys

    def generate(self, slot: Slot, key_type: KeyType) -> PublicKey:
        """Make a key pair in `slot`; the old key of the slot is gone. Needs authenticate."""
        template = tlv.pack(0xAC, tlv.pack(0x80, bytes((key_type,))))
        answer = self._channel.send(0x00, 0x47, 0x00, slot, template, 0)
        try:
            return key_types.read(key_type, tlv.find(answer, 0x7F49))
        except ValueError as fault:
            raise errors.KeyMismatchError(
                "the card answered with a malformed public key"
            ) from fault

    def sign(self, slot: Slot, key_type: KeyType, block: bytes) -> bytes:
        """Return the signature over `key_types.block`; slot 9C wants VERIFY just before.

        ECDSA's is DER (r, s), RSA's is as long as the modulus.
        """
        template = tlv.pack(0x82, b"") + tlv.pack(0x81, block)
        answer = self._general(key_type, slot, template)
        return tlv.find(answer, 0x82)

    # objects

    def write_certificate(self, slot: Slot, der: bytes) -> None:
        """Store `der` uncompressed (SP 800-73-4 part 1, table 10 and appendix A)."""
        value = tlv.pack(0x70, der) + tlv.pack(0x71, b"\x00") + tlv.pack(0xFE, b"")
        self.write_object(_CERTIFICATES[slot], value)

    def read_certificate(self, slot: Slot) -> bytes | None:
        """Return the DER of the slot's certificate, None where there is none."""
        value = self.read_object(_CERTIFICATES[slot])
        return tlv.find(value, 0x70) if value else None

    def write_object(self, tag: int, value: bytes) -> None:
        data = tlv.pack(0x5C, tag.to_bytes(3, "big")) + tlv.pack(0x53, value)
        try:
            self._channel.send(0x00, 0xDB, 0x3F, 0xFF, data)
        except errors.ApduError as refusal:
            if refusal.sw == _NO_SPACE:
                raise errors.NoSpaceError from None
            raise

    def read_object(self, tag: int) -> bytes | None:
        data = tlv.pack(0x5C, tag.to_bytes(3, "big"))
        try:
            answer = self._channel.send(0x00, 0xCB, 0x3F, 0xFF, data, 0)
        except errors.ApduError as refusal:
            if refusal.sw == _NOT_FOUND:
                return None
            raise
        return tlv.find(answer, 0x53)

    def is_blank(self) -> bool:
        """Tell whether nobody has personalised the card: it has no card holder id."""
        return self.read_object(_CHUID) is None

    def write_card_holder_id(self, guid: bytes) -> None:
        """Write CHUID and CCC (SP 800-73-4 part 1, tables 8 and 9); `guid` has 16 bytes."""
        chuid = (
            tlv.pack(0x30, bytes.fromhex("D4E739DA739CED39CE739D836858210842108421C84210C3EB"))
            + tlv.pack(0x34, guid)
            + tlv.pack(0x35, b"20991231")
            + tlv.pack(0x3E, b"")
            + tlv.pack(0xFE, b"")
        )
        self.write_object(_CCC, _capabilities(guid))
        self.write_object(_CHUID, chuid)


def padded(pin: bytearray) -> bytes:
    """Return the PIN block: 6 to 8 digits, filled with FF (SP 800-73-4 part 2, 2.4.3)."""
    if not 6 <= len(pin) <= _PIN_SIZE or not pin.isdigit():
        raise errors.PinLengthError(least=6, most=_PIN_SIZE)
    return bytes(pin) + b"\xff" * (_PIN_SIZE - len(pin))


def _capabilities(guid: bytes) -> bytes:
    tags = (0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE)
    values = {0xF1: b"\x21", 0xF2: b"\x21", 0xF4: b"\x00", 0xF5: b"\x10"}
    identifier = bytes.fromhex("A000000116FF02") + guid[:14]
    return tlv.pack(0xF0, identifier) + b"".join(
        tlv.pack(tag, values.get(tag, b"")) for tag in tags
    )

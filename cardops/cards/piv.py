"""The PIV application of a card (NIST SP 800-73-4 part 2), and what it can do for us."""

import secrets
import uuid
from typing import ClassVar, Self

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from cardops import errors, tlv
from cardops.cards import key_types, pins
from cardops.cards.key_types import Hash, KeyType, PublicKey
from cardops.cards.profile import Ability, PinStatus, PukStatus, Role
from cardops.channel import Channel
from cardops.pin.pinpad import PinPad
from cardops.pin.rules import PinRules

APPLICATION = bytes.fromhex("A000000308")
FACTORY_MANAGEMENT_KEY = bytes.fromhex("010203040506070801020304050607080102030405060708")
TRANSPORT_PIN = b"123456"
FACTORY_PUK = b"12345678"

_PUK_REFERENCE = 0x81
_MANAGEMENT = 0x9B
_CHUID, _CCC = 0x5FC102, 0x5FC107
_NOT_FOUND, _NO_SPACE = 0x6A82, 0x6A84
_KEY_REFUSED = frozenset({0x6982, 0x6A80, 0x6A86, 0x6A88})
_NO_SUCH_COMMAND = frozenset({0x6D00, 0x6E00, 0x6A81})
_DEFAULT, _RETRIES = 0x05, 0x06  # of the vendor's metadata


SLOTS = {Role.AUTHENTICATION: 0x9A, Role.SIGNING: 0x9C}  # SP 800-73-4 part 1, table 4b
_CERTIFICATES = {Role.AUTHENTICATION: 0x5FC105, Role.SIGNING: 0x5FC10A}
_MANAGEMENT_ALGORITHMS = {16: 0x08, 24: 0x0A, 32: 0x0C}


class PivCard:
    """A selected PIV application, as `cardops.cards.profile.CardProfile` describes one."""

    name: ClassVar[str] = "piv"
    abilities: ClassVar[frozenset[Ability]] = frozenset(Ability)
    pin_rules: ClassVar[PinRules] = PinRules(least=6, most=8, filler=0xFF)  # part 2, 2.4.3
    pin_administers: ClassVar[bool] = False

    def __init__(self, channel: Channel) -> None:
        self._channel, self._blank = channel, False

    @classmethod
    def probe(cls, channel: Channel) -> Self | None:
        try:
            channel.send(0x00, 0xA4, 0x04, 0x00, APPLICATION, 0)
        except errors.ApduError:
            return None
        return cls(channel)

    # PIN

    def pin_status(self) -> PinStatus:
        return pins.status(self._channel)

    def verify(self, pin: bytearray) -> None:
        pins.verify(self._channel, self.pin_rules, pin)

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        pins.change(self._channel, self.pin_rules, old, new)

    def unblock(self, puk: bytes, new: bytearray) -> None:
        pins.unblock(self._channel, self.pin_rules, puk, new)

    def verify_on(self, pad: PinPad) -> None:
        pins.verify_on(pad, self.pin_rules)

    def change_pin_on(self, pad: PinPad, old: bytes | None = None) -> None:
        pins.change_on(pad, self.pin_rules, old)

    def unblock_on(self, pad: PinPad, puk: bytes) -> None:
        pins.unblock_on(pad, self.pin_rules, puk)

    def puk_status(self) -> PukStatus:
        """Read the vendor's metadata (Yubico's documented command F7), where the card has them."""
        try:
            told = dict(tlv.unpack(self._channel.send(0x00, 0xF7, 0x00, _PUK_REFERENCE, b"", 0)))
            return PukStatus(tries_left=told[_RETRIES][1], factory=bool(told[_DEFAULT][0]))
        except errors.ApduError:
            return PukStatus()
        except (ValueError, KeyError, IndexError) as fault:
            raise errors.CardAnswerError from fault

    def replace_factory_puk(self, puk: bytes) -> None:
        with pins.puk_refusals():
            self._channel.send(0x00, 0x24, 0x00, _PUK_REFERENCE, FACTORY_PUK + puk)

    def wants_pin_each_time(self, role: Role) -> bool:
        return role == Role.SIGNING  # SP 800-73-4 part 1, table 4b: "PIN always"

    def transport_pin(self) -> bytes | None:
        self._blank = self.read_object(_CHUID) is None
        return TRANSPORT_PIN if self._blank else None

    # administration

    def administer(self, key: bytes) -> None:
        """Authenticate with `key`; a card with the factory's gets `key` first.

        A card without a command for that keeps the factory's: SP 800-73-4 has none.
        """
        known = (FACTORY_MANAGEMENT_KEY, key) if self._blank else (key, FACTORY_MANAGEMENT_KEY)
        if self._accepted(*known) == FACTORY_MANAGEMENT_KEY:
            self._replace_factory_key(key)

    def _accepted(self, likely: bytes, other: bytes) -> bytes:
        """Return the key that the card took."""
        try:
            self.authenticate(likely)
        except errors.ManagementKeyError:
            self.authenticate(other)
            return other
        return likely

    def _replace_factory_key(self, key: bytes) -> None:
        try:
            self.set_management_key(key)
        except errors.ApduError as refusal:
            if refusal.sw not in _NO_SUCH_COMMAND:
                raise

    def authenticate(self, key: bytes) -> None:
        """Prove the management key to the card and make the card prove it too."""
        cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 one block, as the standard says
        encryptor, decryptor = cipher.encryptor(), cipher.decryptor()
        algorithm, challenge = _MANAGEMENT_ALGORITHMS[len(key)], secrets.token_bytes(16)
        try:
            answer = self._general(algorithm, _MANAGEMENT, tlv.pack(0x80, b""))
            witness = tlv.pack(0x80, decryptor.update(_value(answer, 0x80)))
            proof = witness + tlv.pack(0x81, challenge)
            answer = self._general(algorithm, _MANAGEMENT, proof)
        except errors.ApduError as refusal:
            if refusal.sw not in _KEY_REFUSED:
                raise
            raise errors.ManagementKeyError from refusal
        if not secrets.compare_digest(_value(answer, 0x82), encryptor.update(challenge)):
            raise errors.ManagementKeyError

    def _general(self, algorithm: int, reference: int, template: bytes) -> bytes:
        data = tlv.pack(0x7C, template)
        return _value(self._channel.send(0x00, 0x87, algorithm, reference, data, 0), 0x7C)

    def set_management_key(self, key: bytes) -> None:
        """Replace the management key (Yubico's documented command FF); needs authenticate."""
        data = bytes((_MANAGEMENT_ALGORITHMS[len(key)],)) + tlv.pack(_MANAGEMENT, key)
        self._channel.send(0x00, 0xFF, 0xFF, 0xFF, data)

    # keys

    def generate(self, role: Role, key_type: KeyType) -> PublicKey:
        template = tlv.pack(0xAC, tlv.pack(0x80, bytes((key_type,))))
        answer = self._channel.send(0x00, 0x47, 0x00, SLOTS[role], template, 0)
        try:
            return key_types.read(key_type, _value(answer, 0x7F49))
        except ValueError as fault:
            raise errors.CardAnswerError from fault

    def sign(self, role: Role, key_type: KeyType, digest: bytes, algorithm: Hash) -> bytes:
        block = key_types.block(key_type, digest, algorithm)
        template = tlv.pack(0x82, b"") + tlv.pack(0x81, block)
        return _value(self._general(key_type, SLOTS[role], template), 0x82)

    # objects

    def write_certificate(self, role: Role, der: bytes) -> None:
        """Store `der` uncompressed (SP 800-73-4 part 1, table 10 and appendix A)."""
        value = tlv.pack(0x70, der) + tlv.pack(0x71, b"\x00") + tlv.pack(0xFE, b"")
        self.write_object(_CERTIFICATES[role], value)

    def read_certificate(self, role: Role) -> bytes | None:
        value = self.read_object(_CERTIFICATES[role])
        return _value(value, 0x70) if value else None

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
        return _value(answer, 0x53)

    def mark_personalised(self) -> None:
        """Write CHUID and CCC (SP 800-73-4 part 1, tables 8 and 9), the CHUID last."""
        guid = uuid.uuid4().bytes
        chuid = (
            tlv.pack(0x30, bytes.fromhex("D4E739DA739CED39CE739D836858210842108421C84210C3EB"))
            + tlv.pack(0x34, guid)
            + tlv.pack(0x35, b"20991231")
            + tlv.pack(0x3E, b"")
            + tlv.pack(0xFE, b"")
        )
        self.write_object(_CCC, _capabilities(guid))
        self.write_object(_CHUID, chuid)


def _value(data: bytes, tag: int) -> bytes:
    try:
        return tlv.find(data, tag)
    except ValueError as fault:
        raise errors.CardAnswerError from fault


def _capabilities(guid: bytes) -> bytes:
    tags = (0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE)
    values = {0xF1: b"\x21", 0xF2: b"\x21", 0xF4: b"\x00", 0xF5: b"\x10"}
    identifier = bytes.fromhex("A000000116FF02") + guid[:14]
    return tlv.pack(0xF0, identifier) + b"".join(
        tlv.pack(tag, values.get(tag, b"")) for tag in tags
    )

"""The PKI application of the Serbian card ("CardEdge"): what is publicly known of it.

Key generation, writing and unblocking are not: the vendor's module does them, through the profile
`pkcs11`. Sources: the readers srb-id-pkcs11 and LibreMiddleware, which agree.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NoReturn, Self

from cardops import errors
from cardops.cards import key_types, pins
from cardops.cards.key_types import Hash, KeyType, PublicKey
from cardops.cards.profile import Ability, PinStatus, PukStatus, Role
from cardops.channel import Channel
from cardops.pin.pinpad import PinPad
from cardops.pin.rules import PinRules

APPLICATION = bytes.fromhex("A000000063504B43532D3135")  # shared by all of PKCS#15

_ROOT = 0x7000
_DIRECTORY, _CONTAINERS = "mscp", "cmapfile"
_PIECE = 0x80
_INFORMATION = 10  # bytes that SELECT answers: file, size big-endian, access conditions
_HEADER, _ENTRY = 10, 12  # of a directory
_CONTAINER = 86  # bytes of a record
_FLAGS, _VALID = 80, 0x01
_PACKED = b"\x01\x00"
_ALGORITHM = b"\x80\x01\x02"  # RSA-2048, PKCS#1 v1.5, padded by the card


@dataclass(frozen=True)
class _Place:
    """Of a role: how its certificate's file begins, its kind of key, the size in a container."""

    prefix: str
    pair: int
    size_at: int


_PLACES = {Role.AUTHENTICATION: _Place("kxc", 1, 84), Role.SIGNING: _Place("ksc", 2, 82)}


@dataclass(frozen=True)
class _Entry:
    name: str
    file: int
    directory: bool


class CardEdgeCard:
    """A selected application, as `cardops.cards.profile.CardProfile` describes one."""

    name: ClassVar[str] = "cardedge"
    abilities: ClassVar[frozenset[Ability]] = frozenset({Ability.CHANGE_PIN, Ability.PIN_PAD})
    pin_rules: ClassVar[PinRules] = PinRules(least=4, most=8, filler=0x00)
    pin_administers: ClassVar[bool] = False

    def __init__(self, channel: Channel, files: dict[str, int]) -> None:
        self._channel, self._files = channel, files

    @classmethod
    def probe(cls, channel: Channel) -> Self | None:
        """Select the application, and see whether its directory is CardEdge's.

        Others have the same application id.
        """
        try:
            channel.send(0x00, 0xA4, 0x04, 0x00, APPLICATION)
            root = {each.name: each.file for each in _directory(channel, _ROOT) if each.directory}
            entries = _directory(channel, root[_DIRECTORY])
        except (errors.ApduError, errors.CardAnswerError, KeyError):
            return None
        return cls(channel, {each.name: each.file for each in entries if not each.directory})

    # PIN

    def pin_status(self) -> PinStatus:
        return pins.status(self._channel)

    def verify(self, pin: bytearray) -> None:
        pins.verify(self._channel, self.pin_rules, pin)

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        pins.change(self._channel, self.pin_rules, old, new)

    def verify_on(self, pad: PinPad) -> None:
        pins.verify_on(pad, self.pin_rules)

    def change_pin_on(self, pad: PinPad, old: bytes | None = None) -> None:
        pins.change_on(pad, self.pin_rules, old)

    def unblock_on(self, _pad: PinPad, _puk: bytes) -> None:
        self._refuse(Ability.UNBLOCK)

    def unblock(self, _puk: bytes, _new: bytearray) -> None:
        self._refuse(Ability.UNBLOCK)

    def puk_status(self) -> PukStatus:
        return PukStatus()

    def replace_factory_puk(self, _puk: bytes) -> None:
        self._refuse(Ability.UNBLOCK)

    def wants_pin_each_time(self, _role: Role) -> bool:
        return False

    def transport_pin(self) -> bytes | None:
        return None

    # keys and certificates

    def administer(self, _key: bytes) -> None:
        self._refuse(Ability.WRITE)

    def mark_personalised(self) -> None:
        self._refuse(Ability.WRITE)

    def generate(self, _role: Role, _key_type: KeyType) -> PublicKey:
        self._refuse(Ability.GENERATE)

    def write_certificate(self, _role: Role, _der: bytes) -> None:
        self._refuse(Ability.WRITE)

    def _refuse(self, ability: Ability) -> NoReturn:
        raise errors.NotAvailableError(ability, self.name)

    def sign(self, role: Role, key_type: KeyType, digest: bytes, algorithm: Hash) -> bytes:
        container = self._container(role)
        if container is None or key_type != KeyType.RSA2048:
            raise errors.KeyMismatchError
        key = 0x6000 | container << 4 | _PLACES[role].pair << 2 | 1
        reference = _ALGORITHM + b"\x84\x02" + key.to_bytes(2, "big")
        self._channel.send(0x00, 0x22, 0x41, 0xB6, reference)
        block = key_types.digest_info(digest, algorithm)
        return self._channel.send(0x00, 0x2A, 0x9E, 0x00, block, 0)

    def read_certificate(self, role: Role) -> bytes | None:
        container = self._container(role)
        if container is None:
            return None
        name = f"{_PLACES[role].prefix}{container:02}"
        return _certificate(_read(self._channel, self._files[name]))

    def _container(self, role: Role) -> int | None:
        """Return the first container that has the role's key and certificate."""
        if _CONTAINERS not in self._files:
            return None
        place, records = _PLACES[role], _read(self._channel, self._files[_CONTAINERS])
        for number, record in enumerate(_records(records)):
            size = int.from_bytes(record[place.size_at : place.size_at + 2], "little")
            if record[_FLAGS] & _VALID and size and f"{place.prefix}{number:02}" in self._files:
                return number
        return None


def _read(channel: Channel, file: int) -> bytes:
    answer = channel.send(0x00, 0xA4, 0x00, 0x00, file.to_bytes(2, "big"), _INFORMATION)
    size, content = int.from_bytes(answer[2:4], "big"), b""
    while len(content) < size:
        wanted, at = min(_PIECE, size - len(content)), len(content)
        piece = channel.send(0x00, 0xB0, at >> 8 & 0x7F, at & 0xFF, b"", wanted)
        if not 0 < len(piece) <= wanted:
            raise errors.CardAnswerError
        content += piece
    return content


def _directory(channel: Channel, file: int) -> list[_Entry]:
    """Read a directory: a header with the count of entries, then name, file and kind of each."""
    content = _read(channel, file)
    count = int.from_bytes(content[6:8], "little")
    listed = content[_HEADER : _HEADER + count * _ENTRY]
    if len(listed) != count * _ENTRY:
        raise errors.CardAnswerError
    return [_entry(listed[at : at + _ENTRY]) for at in range(0, len(listed), _ENTRY)]


def _entry(data: bytes) -> _Entry:
    name = data[:8].rstrip(b"\0").decode("ascii", "replace")
    return _Entry(name, int.from_bytes(data[8:10], "little"), directory=data[10] != 0)


def _records(content: bytes) -> Iterator[bytes]:
    """Yield the containers' records; two bytes may stand before the first."""
    start = len(content) % _CONTAINER
    if start not in {0, 2}:
        raise errors.CardAnswerError
    for at in range(start, len(content), _CONTAINER):
        yield content[at : at + _CONTAINER]


def _certificate(content: bytes) -> bytes:
    """Take a certificate out of its file: the length, then DER as it is or packed by zlib."""
    size = int.from_bytes(content[:2], "little")
    stored = content[2 : 2 + size]
    if len(stored) != size or size < 4:
        raise errors.CardAnswerError
    return _unpacked(stored) if stored.startswith(_PACKED) else stored


def _unpacked(stored: bytes) -> bytes:
    size = int.from_bytes(stored[2:4], "little")
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(stored[4:], size + 1)
    except zlib.error as fault:
        raise errors.CardAnswerError from fault
    if len(plain) != size or not unpacker.eof:
        raise errors.CardAnswerError
    return plain

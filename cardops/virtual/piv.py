"""The PIV application of the virtual card (NIST SP 800-73-4 part 2)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from cardops import tlv
from cardops.virtual import apdu, keys, objects
from cardops.virtual.administrator import FACTORY_KEY, Administrator, ManagementKey
from cardops.virtual.apdu import Command, StatusError
from cardops.virtual.keys import PrivateKey

TRIES = 3

_TEMPLATE = tlv.pack(  # SP 800-73-4 part 2, table 3
    0x61, tlv.pack(0x4F, objects.AID[5:]) + tlv.pack(0x79, tlv.pack(0x4F, objects.AID[:5]))
)
_SHORTEST_NAME = 5  # bytes of the application id that may stand for the whole
_SLOTS = (0x9A, 0x9C, 0x9D, 0x9E)
_OPEN_SLOT = 0x9E  # card authentication needs no PIN
_SERIAL = bytes.fromhex("00000001")
_FORGET = 0xFF  # P1 of VERIFY: leave the verified state
_CHALLENGE, _RESPONSE, _POINT = 0x81, 0x82, 0x85  # of GENERAL AUTHENTICATE's template


@dataclass
class Secret:
    """A PIN or PUK with its tries."""

    value: bytes
    left: int = TRIES

    def check(self, presented: bytes) -> None:
        if self.left == 0:
            raise StatusError(apdu.BLOCKED)
        if not secrets.compare_digest(presented, self.value):
            self.left -= 1
            raise StatusError(0x63C0 | self.left if self.left else apdu.BLOCKED)
        self.left = TRIES


@dataclass
class Memory:
    """What survives without power."""

    pin: Secret = field(default_factory=lambda: Secret(b"123456\xff\xff"))
    puk: Secret = field(default_factory=lambda: Secret(b"12345678"))
    management_key: ManagementKey = field(default_factory=ManagementKey)
    keys: dict[int, PrivateKey] = field(default_factory=dict)
    objects: dict[bytes, bytes] = field(default_factory=dict)


class PivApplet:
    """Commands of the application; `vendor` switches the four documented vendor commands."""

    def __init__(self, memory: Memory, *, vendor: bool = True) -> None:
        self.memory, self.vendor = memory, vendor
        self._administrator = Administrator(memory.management_key)
        self.power_off()
        self._commands: dict[int, Callable[[Command], bytes]] = {
            0x20: self._verify,
            0x24: self._change,
            0x2C: self._unblock,
            0x87: self._general,
            0x47: self._generate,
            0xDB: self._put,
            0xCB: self._get,
        }
        if vendor:
            self._commands |= {
                0xFD: self._version,
                0xF8: self._serial,
                0xF7: self._metadata,
                0xFF: self._set_key,
            }

    def answers_to(self, name: bytes) -> bool:
        return len(name) >= _SHORTEST_NAME and objects.AID.startswith(name)

    def power_off(self) -> None:
        self._verified = self._just_verified = False
        self._administrator.forget()

    def select(self) -> bytes:
        self._administrator.forget()
        return _TEMPLATE

    def run(self, command: Command) -> bytes:
        handler = self._commands.get(command.ins)
        if handler is None:
            raise StatusError(apdu.NO_INSTRUCTION)
        fresh, self._just_verified = self._just_verified, False
        self._fresh = fresh
        return handler(command)

    # PIN

    def _verify(self, command: Command) -> bytes:
        if command.p2 != 0x80:
            raise StatusError(apdu.NO_REFERENCE)
        if command.p1 == _FORGET and not command.data:
            self._verified = False
            return b""
        if not command.data:
            return self._tell_tries()
        self._verified = False
        self.memory.pin.check(command.data)
        self._verified = self._just_verified = True
        return b""

    def _tell_tries(self) -> bytes:
        if self._verified:
            self._just_verified = self._fresh
            return b""
        left = self.memory.pin.left
        raise StatusError(0x63C0 | left if left else apdu.BLOCKED)

    def _change(self, command: Command) -> bytes:
        secret = {0x80: self.memory.pin, 0x81: self.memory.puk}.get(command.p2)
        if secret is None or len(command.data) != 16:
            raise StatusError(apdu.NO_REFERENCE)
        secret.check(command.data[:8])
        secret.value = _acceptable(command.data[8:])
        return b""

    def _unblock(self, command: Command) -> bytes:
        if command.p2 != 0x80 or len(command.data) != 16:
            raise StatusError(apdu.NO_REFERENCE)
        self.memory.puk.check(command.data[:8])
        self.memory.pin.value, self.memory.pin.left = _acceptable(command.data[8:]), TRIES
        return b""

    # management key and private keys

    def _general(self, command: Command) -> bytes:
        template = dict(tlv.unpack(tlv.find(command.data, 0x7C)))
        if command.p2 == 0x9B:
            answer = self._administrator.step(command.p1, template)
        else:
            answer = tlv.pack(_RESPONSE, self._use(command, template))
        return tlv.pack(0x7C, answer) if answer else b""

    def _use(self, command: Command, template: dict[int, bytes]) -> bytes:
        key = self._permitted_key(command.p2)
        if command.p1 != keys.algorithm_of(key):
            raise StatusError(apdu.WRONG_PARAMETERS)
        if _POINT in template:
            return keys.agree(key, template[_POINT])
        return keys.sign(key, template.get(_CHALLENGE, b""))

    def _permitted_key(self, slot: int) -> PrivateKey:
        """Return the slot's key, if the PIN was verified as the slot wants it."""
        key = self.memory.keys.get(slot)
        if key is None:
            raise StatusError(apdu.NO_REFERENCE)
        allowed = self._fresh if slot == 0x9C else self._verified
        if not allowed and slot != _OPEN_SLOT:
            raise StatusError(apdu.SECURITY)
        return key

    def _generate(self, command: Command) -> bytes:
        self._administrator.require()
        if command.p2 not in _SLOTS:
            raise StatusError(apdu.WRONG_DATA)
        key = keys.generate(tlv.find(tlv.find(command.data, 0xAC), 0x80)[0])
        self.memory.keys[command.p2] = key
        return tlv.pack(0x7F49, keys.public(key))

    # data objects

    def _put(self, command: Command) -> bytes:
        self._administrator.require()
        name, value = tlv.find(command.data, 0x5C), tlv.find(command.data, 0x53)
        objects.write(self.memory.objects, name, value)
        return b""

    def _get(self, command: Command) -> bytes:
        name = tlv.find(command.data, 0x5C)
        return objects.read(self.memory.objects, name, verified=self._verified)

    # the vendor's

    def _version(self, _command: Command) -> bytes:
        return bytes((5, 7, 1))

    def _serial(self, _command: Command) -> bytes:
        return _SERIAL

    def _set_key(self, command: Command) -> bytes:
        self._administrator.require()
        algorithm, key = command.data[0], tlv.find(command.data[1:], 0x9B)
        self.memory.management_key.replace(key, algorithm)
        return b""

    def _metadata(self, command: Command) -> bytes:
        if command.p2 in (0x80, 0x81):
            return self._secret_metadata(command.p2)
        if command.p2 == 0x9B:
            key = self.memory.management_key
            default = tlv.pack(5, bytes((key.value == FACTORY_KEY,)))
            return tlv.pack(1, bytes((key.algorithm,))) + tlv.pack(2, b"\x00\x01") + default
        return self._key_metadata(command.p2)

    def _secret_metadata(self, reference: int) -> bytes:
        secret = self.memory.pin if reference == 0x80 else self.memory.puk
        factory = b"123456\xff\xff" if reference == 0x80 else b"12345678"
        default = tlv.pack(5, bytes((secret.value == factory,)))
        return tlv.pack(1, b"\xff") + default + tlv.pack(6, bytes((TRIES, secret.left)))

    def _key_metadata(self, slot: int) -> bytes:
        key = self.memory.keys.get(slot)
        if key is None:
            raise StatusError(apdu.NO_REFERENCE)
        policy = 3 if slot == 0x9C else 1 if slot == _OPEN_SLOT else 2
        return (
            tlv.pack(1, bytes((keys.algorithm_of(key),)))
            + tlv.pack(2, bytes((policy, 1)))
            + tlv.pack(3, b"\x01")
            + tlv.pack(4, keys.public(key))
        )


def _acceptable(value: bytes) -> bytes:
    digits = value.rstrip(b"\xff")
    if not 6 <= len(digits) <= 8 or not digits.isdigit():
        raise StatusError(apdu.WRONG_DATA)
    return value

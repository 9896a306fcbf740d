"""The PKI application of a virtual Serbian card ("CardEdge"), with two keys and certificates.

What is not publicly known of it (making keys, writing, unblocking) it does not do either.
"""

import zlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cardops.virtual import apdu, keys
from cardops.virtual.apdu import Command, StatusError
from cardops.virtual.people import SyntheticPerson
from cardops.virtual.piv import Memory, Secret

AID = bytes.fromhex("A000000063504B43532D3135")
AUTHENTICATION_KEY, SIGNING_KEY = 0x6005, 0x6019

_ROOT, _MSCP = 0x7000, 0x7100
_FILES = {"cmapfile": 0x7101, "kxc00": 0x7102, "ksc01": 0x7103}
_KEYS = {"kxc00": AUTHENTICATION_KEY, "ksc01": SIGNING_KEY}
_PIN_SIZE, _SHORTEST = 8, 4
_CONTAINER_NAME = 80  # bytes


def memory(person: SyntheticPerson) -> Memory:
    """Return what a card holds when its citizen gets it: PIN 123456, two certificates."""
    made = Memory(pin=Secret(b"123456".ljust(_PIN_SIZE, b"\0")))
    containers = _record(key_exchange=2048) + _record(signature=2048)
    made.objects[_name("cmapfile")] = containers
    for name, reference in _KEYS.items():
        key = rsa.generate_private_key(65537, 2048)
        made.keys[reference] = key
        made.objects[_name(name)] = _packed(_certificate(person, key.public_key()))
    return made


class CardEdgeApplet:
    """SELECT FILE and READ BINARY, VERIFY, CHANGE, and signatures by PKCS#1 v1.5."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.power_off()
        self._commands = {
            0xA4: self._select_file,
            0xB0: self._read,
            0x20: self._verify,
            0x24: self._change,
            0x22: self._choose_key,
            0x2A: self._sign,
        }

    def answers_to(self, name: bytes) -> bool:
        return name == AID

    def power_off(self) -> None:
        self._verified = False
        self.select()

    def select(self) -> bytes:
        self._content, self._key = b"", 0
        return b""

    def run(self, command: Command) -> bytes:
        handler = self._commands.get(command.ins)
        if handler is None:
            raise StatusError(apdu.NO_INSTRUCTION)
        return handler(command)

    # files

    def _select_file(self, command: Command) -> bytes:
        self._content = self._file(int.from_bytes(command.data, "big"))
        return command.data + len(self._content).to_bytes(2, "big") + bytes(6)

    def _file(self, file: int) -> bytes:
        if file == _ROOT:
            return _directory({"mscp": _MSCP}, directories=True)
        if file == _MSCP:
            return _directory(_FILES, directories=False)
        name = next((name for name, number in _FILES.items() if number == file), "")
        if not name:
            raise StatusError(apdu.NOT_FOUND)
        return self.memory.objects[_name(name)]

    def _read(self, command: Command) -> bytes:
        offset = command.p1 << 8 | command.p2
        if offset >= len(self._content):
            raise StatusError(0x6B00)
        return self._content[offset : offset + command.le]

    # PIN

    def _verify(self, command: Command) -> bytes:
        if command.p2 != 0x80:
            raise StatusError(apdu.NO_REFERENCE)
        if command.data:
            self._verified = False
            self.memory.pin.check(command.data)
            self._verified = True
        if not self._verified:
            left = self.memory.pin.left
            raise StatusError(0x63C0 | left if left else apdu.BLOCKED)
        return b""

    def _change(self, command: Command) -> bytes:
        if command.p2 != 0x80 or len(command.data) != 2 * _PIN_SIZE:
            raise StatusError(apdu.NO_REFERENCE)
        old, new = command.data[:_PIN_SIZE], command.data[_PIN_SIZE:]
        digits = new.rstrip(b"\0")
        if len(digits) < _SHORTEST or not digits.isdigit():
            raise StatusError(apdu.WRONG_DATA)
        self.memory.pin.check(old)
        self.memory.pin.value = new
        return b""

    # keys

    def _choose_key(self, command: Command) -> bytes:
        algorithm, reference = command.data[:5], int.from_bytes(command.data[5:], "big")
        if (command.p1, command.p2, algorithm) != (0x41, 0xB6, b"\x80\x01\x02\x84\x02"):
            raise StatusError(apdu.WRONG_PARAMETERS)
        if reference not in self.memory.keys:
            raise StatusError(apdu.NO_REFERENCE)
        self._key = reference
        return b""

    def _sign(self, command: Command) -> bytes:
        if not self._verified:
            raise StatusError(apdu.SECURITY)
        key = self.memory.keys.get(self._key)
        if key is None or (command.p1, command.p2) != (0x9E, 0x00):
            raise StatusError(0x6985)
        size = key.key_size // 8
        padding = b"\xff" * (size - len(command.data) - 3)
        return keys.sign(key, b"\x00\x01" + padding + b"\x00" + command.data)


def _name(name: str) -> bytes:
    return name.encode("ascii")


def _directory(files: dict[str, int], *, directories: bool) -> bytes:
    head = bytes((16, 16)) + b"\x04\x71\x01\x71" + len(files).to_bytes(2, "little") + bytes(2)
    return head + b"".join(
        _name(name).ljust(8, b"\0") + number.to_bytes(2, "little") + bytes((directories, 0))
        for name, number in files.items()
    )


def _record(signature: int = 0, key_exchange: int = 0) -> bytes:
    """Return a container of the map (Windows' cardmod.h, CONTAINER_MAP_RECORD)."""
    sizes = signature.to_bytes(2, "little") + key_exchange.to_bytes(2, "little")
    return bytes(_CONTAINER_NAME) + b"\x01\x00" + sizes


def _packed(certificate: bytes) -> bytes:
    stored = b"\x01\x00" + len(certificate).to_bytes(2, "little") + zlib.compress(certificate)
    return len(stored).to_bytes(2, "little") + stored


def _certificate(person: SyntheticPerson, key: rsa.RSAPublicKey) -> bytes:
    named = {
        NameOID.COUNTRY_NAME: "RS",
        NameOID.SURNAME: person.surname,
        NameOID.GIVEN_NAME: person.given_name,
        NameOID.COMMON_NAME: f"{person.given_name} {person.surname}",
        NameOID.SERIAL_NUMBER: f"PNORS-{person.jmbg}",
    }
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in named.items()])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Synthetic CA of citizens")])
    began = datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=5 * 365))
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
        .public_bytes(Encoding.DER)
    )

"""The Serbian identity application of the virtual card: files behind one application id."""

from cardops.virtual import apdu, portrait
from cardops.virtual.apdu import Command, StatusError
from cardops.virtual.people import SyntheticPerson

AID = bytes.fromhex("F381000002534552494401")


class IdentityApplet:
    """SELECT FILE and READ BINARY; nothing to write, no PIN."""

    def __init__(self, person: SyntheticPerson) -> None:
        self._files = _files(person)
        self.power_off()

    def power_off(self) -> None:
        self._selected: bytes | None = None

    def select(self) -> bytes:
        self._selected = None
        return b""

    def run(self, command: Command) -> bytes:
        if command.ins == 0xA4:
            return self._select_file(command)
        if command.ins == 0xB0:
            return self._read(command)
        raise StatusError(apdu.NO_INSTRUCTION)

    def _select_file(self, command: Command) -> bytes:
        if command.data not in self._files:
            raise StatusError(apdu.NOT_FOUND)
        self._selected = command.data
        return b""

    def _read(self, command: Command) -> bytes:
        if self._selected is None:
            raise StatusError(0x6986)
        content = self._files[self._selected]
        offset = command.p1 << 8 | command.p2
        if offset >= len(content):
            raise StatusError(0x6B00)
        return content[offset : offset + min(command.le, 256)]


def _files(person: SyntheticPerson) -> dict[bytes, bytes]:
    return {
        bytes.fromhex("0F02"): _file(_document(person)),
        bytes.fromhex("0F03"): _file(_person(person)),
        bytes.fromhex("0F04"): _file(person.residence),
        bytes.fromhex("0F06"): _wrapped(b"\x00\x00\x00\x00" + portrait.draw()),
    }


def _document(person: SyntheticPerson) -> dict[int, str]:
    return {
        1545: "SRB",
        1546: person.document_number,
        1547: "ID",
        1548: "",
        1549: person.issued_on,
        1550: person.expires_on,
        1551: person.authority,
        1681: person.chip_serial,
        1682: "ЛИЧНА КАРТА",
    }


def _person(person: SyntheticPerson) -> dict[int, str]:
    return {
        1558: person.jmbg,
        1559: person.surname,
        1560: person.given_name,
        1561: person.parent_name,
        1562: person.sex,
        1563: person.place_of_birth,
        1564: person.municipality_of_birth,
        1565: person.state_of_birth,
        1566: person.born_on,
        1567: "SRB",
    }


def _file(values: dict[int, str]) -> bytes:
    body = b""
    for tag, text in values.items():
        data = text.encode()
        body += tag.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data
    return _wrapped(body)


def _wrapped(body: bytes) -> bytes:
    return b"\x00\x00" + len(body).to_bytes(2, "little") + body

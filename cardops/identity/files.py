"""Files of the identity application: how they are read and what their tags mean."""

from collections.abc import Mapping
from datetime import date

from cardops import errors
from cardops.channel import Channel
from cardops.identity.card import Document, Person, Residence

APPLICATIONS = tuple(
    bytes.fromhex(name)
    for name in (
        "F381000002534552494401",  # citizen
        "F381000002534552494601",  # foreigner
        "F381000002534552525001",  # residence permit
    )
)
DOCUMENT, PERSON, RESIDENCE, PORTRAIT = 0x0F02, 0x0F03, 0x0F04, 0x0F06

_HEADER = 4
_PIECE = 0xFF
_UNSET = "01010001"
_NOT_FOUND = 0x6A82


def select(channel: Channel) -> None:
    """Select the first identity application that answers; UnknownCardError when none does."""
    for name in APPLICATIONS:
        try:
            channel.send(0x00, 0xA4, 0x04, 0x00, name)
        except errors.ApduError:
            continue
        return
    raise errors.UnknownCardError


def read(channel: Channel, file: int) -> bytes:
    """Return the file with its header of 4 bytes (length little-endian at offset 2)."""
    channel.send(0x00, 0xA4, 0x08, 0x00, file.to_bytes(2, "big"), 4)
    content = _piece(channel, 0, _HEADER)
    size = _HEADER + int.from_bytes(content[2:4], "little")
    while len(content) < size:
        piece = _piece(channel, len(content), min(_PIECE, size - len(content)))
        if not piece:
            raise errors.CardMuteError
        content += piece
    return content


def _piece(channel: Channel, offset: int, size: int) -> bytes:
    return channel.send(0x00, 0xB0, offset >> 8, offset & 0xFF, b"", size)


def values(content: bytes) -> Mapping[int, str]:
    """Return tag → text of a file's body (tag and length little-endian, UTF-8)."""
    found, position = {}, _HEADER
    while position + 4 <= len(content):
        tag = int.from_bytes(content[position : position + 2], "little")
        size = int.from_bytes(content[position + 2 : position + 4], "little")
        position += 4
        found[tag] = content[position : position + size].decode("utf-8", "replace").strip()
        position += size
    return found


def document(tags: Mapping[int, str]) -> Document:
    return Document(
        registration_number=tags.get(1546, ""),
        kind=tags.get(1547, ""),
        serial=tags.get(1548, ""),
        issued_on=_date(tags.get(1549, "")),
        expires_on=_date(tags.get(1550, "")),
        authority=tags.get(1551, ""),
        state=tags.get(1545, ""),
        chip_serial=tags.get(1681) or tags.get(1689, ""),
    )


def person(tags: Mapping[int, str]) -> Person:
    return Person(
        jmbg=tags.get(1558, ""),
        surname=tags.get(1559, ""),
        given_name=tags.get(1560, ""),
        parent_name=tags.get(1561, ""),
        sex=tags.get(1562, ""),
        place_of_birth=tags.get(1563, ""),
        municipality_of_birth=tags.get(1564, ""),
        state_of_birth=tags.get(1565, ""),
        born_on=_date(tags.get(1566, "")),
    )


def residence(tags: Mapping[int, str]) -> Residence:
    names = ("state", "municipality", "place", "street", "number", "letter", "entrance", "floor")
    texts = {name: tags.get(1568 + offset, "") for offset, name in enumerate(names)}
    return Residence(**texts, apartment=tags.get(1578, ""), since=_date(tags.get(1580, "")))


def _date(text: str) -> date | None:
    """Read DDMMYYYY; None when unset, and when it is no date."""
    if text == _UNSET or len(text) != 8 or not text.isdigit():
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None

"""What stands in the files, by tags; tag and length are two bytes each, little-endian."""

from collections.abc import Mapping
from datetime import date

from cardops import errors
from cardops.identity import files
from cardops.identity.card import Document, Person, Residence

_UNSET = "01010001"


def values(body: bytes, file: int) -> Mapping[int, str]:
    """Return tag → text; IdentityFileError where a value reaches beyond the end or is no UTF-8."""
    found, position = {}, 0
    while any(body[position:]):  # zeros may fill a file up
        tag = int.from_bytes(body[position : position + 2], "little")
        size = int.from_bytes(body[position + 2 : position + 4], "little")
        position += 4
        value = body[position : position + size]
        if position > len(body) or len(value) != size:
            raise errors.IdentityFileError(files.name(file), "cut")
        found[tag] = _text(value, file)
        position += size
    return found


def _text(value: bytes, file: int) -> str:
    try:
        return value.decode().strip("\0 ")
    except UnicodeDecodeError:
        raise errors.IdentityFileError(files.name(file), "text") from None


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
        name=tags.get(1682, ""),
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
        country_code=tags.get(1567, ""),
        foreigner_status=tags.get(1582, ""),
        nationality=tags.get(1583, ""),
    )


def residence(tags: Mapping[int, str]) -> Residence:
    names = ("state", "municipality", "place", "street", "number", "letter", "entrance", "floor")
    texts = {name: tags.get(1568 + offset, "") for offset, name in enumerate(names)}
    return Residence(
        **texts,
        apartment=tags.get(1578, ""),
        since=_date(tags.get(1580, "")),
        label=tags.get(1581, ""),
    )


def _date(text: str) -> date | None:
    """Read DDMMYYYY; None when unset, and when it is no date."""
    if text == _UNSET or len(text) != 8 or not text.isdecimal():
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None

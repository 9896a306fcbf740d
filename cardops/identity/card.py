"""What the identity application says of document, person and residence."""

import base64
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

PROVEN, NOT_PROVEN, CANNOT_TELL = "proven", "not-proven", "cannot-tell"


@dataclass(frozen=True)
class Document:
    """The identity card itself; `expires_on` is None when it is permanent."""

    registration_number: str
    kind: str
    serial: str
    issued_on: date | None
    expires_on: date | None
    authority: str
    state: str
    chip_serial: str


@dataclass(frozen=True)
class Person:
    jmbg: str
    surname: str
    given_name: str
    parent_name: str
    sex: str
    place_of_birth: str
    municipality_of_birth: str
    state_of_birth: str
    born_on: date | None


@dataclass(frozen=True)
class Residence:
    state: str
    municipality: str
    place: str
    street: str
    number: str
    letter: str
    entrance: str
    floor: str
    apartment: str
    since: date | None


@dataclass(frozen=True)
class IdentityCard:
    """All that was read; `authenticity` is PROVEN, NOT_PROVEN or CANNOT_TELL."""

    document: Document
    person: Person
    residence: Residence
    portrait: bytes  # JPEG
    authenticity: str = CANNOT_TELL

    def to_json(self) -> dict[str, Any]:
        data = asdict(self) | {"portrait": base64.b64encode(self.portrait).decode()}
        for part in ("document", "person", "residence"):
            data[part] = {name: _plain(value) for name, value in data[part].items()}
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            document=Document(**_typed(Document, data["document"])),
            person=Person(**_typed(Person, data["person"])),
            residence=Residence(**_typed(Residence, data["residence"])),
            portrait=base64.b64decode(data["portrait"]),
            authenticity=data["authenticity"],
        )


_DATES = frozenset({"issued_on", "expires_on", "born_on", "since"})


def _plain(value: str | date | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _typed(kind: type, data: dict[str, Any]) -> dict[str, Any]:
    values = {field.name: data[field.name] for field in fields(kind)}
    for name in _DATES & values.keys():
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    return values

"""What the identity application says of document, person and residence."""

import base64
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self

PROVEN, NOT_PROVEN, CANNOT_TELL = "proven", "not-proven", "cannot-tell"


class Kind(StrEnum):
    """Which identity application a card has; a card of 2008 has its files without one."""

    CITIZEN = "citizen"
    FOREIGNER = "foreigner"
    RESIDENCE_PERMIT = "residence-permit"
    OLD = "old"


@dataclass(frozen=True)
class Proof:
    """Whether the data are the ministry's: PROVEN, NOT_PROVEN or CANNOT_TELL, and why.

    `reason` is one of `cardops.identity.authenticity`; `files` are those that it concerns ("0F03").
    """

    verdict: str = CANNOT_TELL
    reason: str = ""
    files: tuple[str, ...] = ()


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
    name: str = ""


@dataclass(frozen=True)
class Person:
    """The holder; a foreigner's card has their status and nationality, a citizen's has not."""

    jmbg: str
    surname: str
    given_name: str
    parent_name: str
    sex: str
    place_of_birth: str
    municipality_of_birth: str
    state_of_birth: str
    born_on: date | None
    country_code: str = ""
    foreigner_status: str = ""
    nationality: str = ""


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
    label: str = ""


@dataclass(frozen=True)
class IdentityCard:
    """All that was read."""

    document: Document
    person: Person
    residence: Residence
    portrait: bytes  # JPEG; empty where an old card gave none
    kind: Kind = Kind.CITIZEN
    proof: Proof = Proof()

    @property
    def authenticity(self) -> str:
        return self.proof.verdict

    def to_json(self) -> dict[str, Any]:
        """Return what crosses the desk conversation."""
        parts = {name: _plain(getattr(self, name)) for name in ("document", "person", "residence")}
        return parts | {
            "portrait": base64.b64encode(self.portrait).decode(),
            "kind": str(self.kind),
            "authenticity": self.proof.verdict,
            "reason": self.proof.reason,
            "files": list(self.proof.files),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read `to_json`; what a desk of an older version did not say has its default."""
        files = tuple(str(file) for file in data.get("files", ()))
        return cls(
            document=Document(**_typed(Document, data["document"])),
            person=Person(**_typed(Person, data["person"])),
            residence=Residence(**_typed(Residence, data["residence"])),
            portrait=base64.b64decode(data["portrait"]),
            kind=Kind(data.get("kind", Kind.CITIZEN)),
            proof=Proof(data["authenticity"], data.get("reason", ""), files),
        )


_DATES = frozenset({"issued_on", "expires_on", "born_on", "since"})


def _plain(part: Document | Person | Residence) -> dict[str, str | None]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(part).items()
    }


def _typed(kind: type, data: dict[str, Any]) -> dict[str, Any]:
    values = {field.name: data[field.name] for field in fields(kind) if field.name in data}
    for name in _DATES & values.keys():
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    return values

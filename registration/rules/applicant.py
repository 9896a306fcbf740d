"""Who asks for the certificate: what Obrazac 1 says of the person, the document, the home."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

_DATES = ("born_on", "document_issued_on", "document_expires_on")


@dataclass(frozen=True)
class Applicant:
    """The person of one case; texts as typed or as on the card, never re-spelled.

    `document_expires_on` is None for a permanent card. `certificate_email` is empty unless the
    citizen wants the address in the certificate.
    """

    given_name: str
    surname: str
    jmbg: str  # 13 digits; a foreigner's EBS when `foreigner`
    document_number: str  # 9 digits
    parent_name: str = ""
    sex: str = ""
    foreigner: bool = False
    born_on: date | None = None
    place_of_birth: str = ""
    municipality_of_birth: str = ""
    state_of_birth: str = ""
    document_issued_on: date | None = None
    document_expires_on: date | None = None
    document_permanent: bool = False
    document_authority: str = ""
    state: str = ""
    municipality: str = ""
    place: str = ""
    street: str = ""
    house_number: str = ""
    letter: str = ""
    entrance: str = ""
    floor: str = ""
    apartment: str = ""
    phone: str = ""
    contact_email: str = ""
    certificate_email: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.surname}"

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        for name in _DATES:
            data[name] = data[name].isoformat() if data[name] else None
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        for name in _DATES:
            values[name] = date.fromisoformat(values[name]) if values.get(name) else None
        return cls(**values)

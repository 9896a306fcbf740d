"""What a card that was read says, under the names of the form's fields."""

from collections.abc import Mapping
from typing import Any

from cardops.identity import IdentityCard

_PERSON = {
    "jmbg": "jmbg",
    "surname": "surname",
    "given_name": "given_name",
    "parent_name": "parent_name",
    "born_on": "born_on",
    "place_of_birth": "place_of_birth",
    "municipality_of_birth": "municipality_of_birth",
    "state_of_birth": "state_of_birth",
}
_DOCUMENT = {
    "document_number": "registration_number",
    "document_issued_on": "issued_on",
    "document_expires_on": "expires_on",
    "document_authority": "authority",
}
_RESIDENCE = {
    "state": "state",
    "municipality": "municipality",
    "place": "place",
    "street": "street",
    "house_number": "number",
    "letter": "letter",
    "entrance": "entrance",
    "floor": "floor",
    "apartment": "apartment",
}
# The card writes the sex in its own language.
_SEXES = {"M": "M", "М": "M", "F": "F", "Ž": "F", "Z": "F", "Ж": "F"}


def values(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return initial values of `applications.ApplicationForm` from `CardReading.card`."""
    read = IdentityCard.from_json(dict(card))
    filled = _under(_PERSON, read.person)
    filled |= _under(_DOCUMENT, read.document)
    filled |= _under(_RESIDENCE, read.residence)
    filled["sex"] = _SEXES.get(read.person.sex.strip().upper()[:1], "")
    filled["document_permanent"] = read.document.expires_on is None
    return filled


def _under(names: Mapping[str, str], part: object) -> dict[str, Any]:
    return {field: getattr(part, name) for field, name in names.items()}

"""Is the card in the reader the applicant's? Compared over script, case and spaces."""

import unicodedata
from collections.abc import Mapping

from cardops.identity.card import IdentityCard

_PLAIN = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
_LATIN = _PLAIN | {"љ": "lj", "њ": "nj", "џ": "dž"}


def differences(expected: Mapping[str, str], card: IdentityCard) -> tuple[str, ...]:
    """Return the names of the fields that differ; a name missing in `expected` is not compared.

    Names: chip_serial, document_number, jmbg, surname, given_name.
    """
    found = {
        "chip_serial": card.document.chip_serial,
        "document_number": card.document.registration_number,
        "jmbg": card.person.jmbg,
        "surname": card.person.surname,
        "given_name": card.person.given_name,
    }
    return tuple(
        name for name, value in expected.items() if normalised(value) != normalised(found[name])
    )


def normalised(text: str) -> str:
    """Return `text` in lower-case Latin with single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(_LATIN.get(letter, letter) for letter in folded).split())

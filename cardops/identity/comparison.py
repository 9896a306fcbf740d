"""Is the card in the reader the applicant's? Compared over script, case and spaces."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from cardops.identity.card import IdentityCard

_PLAIN = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
_LATIN = _PLAIN | {"љ": "lj", "њ": "nj", "џ": "dž"}
_ONE_LETTER = re.compile("lj|nj|dž")
_HYPHEN = re.compile(r"\s*[-‐‑–—]\s*")
_INVISIBLE = "Cf"  # soft hyphens, zero-width joiners

_NAMES = frozenset({"surname", "given_name"})
_CUT_BEFORE = date(2014, 8, 18)  # cards from before have a long second name cut
_CUT_TO = 2  # letters


def differences(expected: Mapping[str, str], card: IdentityCard) -> tuple[str, ...]:
    """Return the names of the fields that differ; a name missing in `expected` is not compared."""
    found = fields(card)
    cut = card.document.issued_on is not None and card.document.issued_on < _CUT_BEFORE
    return tuple(
        name
        for name, value in expected.items()
        if not (same(value, found[name]) or (cut and name in _NAMES and _cut(value, found[name])))
    )


def fields(card: IdentityCard) -> dict[str, str]:
    """Return what can be compared, as the card writes it, by the names of `differences`."""
    return {
        "chip_serial": card.document.chip_serial,
        "document_number": card.document.registration_number,
        "jmbg": card.person.jmbg,
        "surname": card.person.surname,
        "given_name": card.person.given_name,
    }


def same(expected: str, found: str) -> bool:
    return normalised(expected) == normalised(found)


def _cut(expected: str, found: str) -> bool:
    """Tell whether only names after the first differ, and these because the card cuts them."""
    whole, cut = normalised(expected).split(), normalised(found).split()
    if (whole[:1], len(whole)) != (cut[:1], len(cut)):
        return False
    return all(_begins(*pair) for pair in zip(whole[1:], cut[1:], strict=True))


def _begins(whole: str, cut: str) -> bool:
    letters = len(_ONE_LETTER.sub("x", cut))
    return whole == cut or (letters == _CUT_TO and whole.startswith(cut))


def normalised(text: str) -> str:
    """Return `text` in lower-case Latin with single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower()
    seen = "".join(letter for letter in folded if unicodedata.category(letter) != _INVISIBLE)
    latin = "".join(_LATIN.get(letter, letter) for letter in seen)
    return " ".join(_HYPHEN.sub("-", latin).split())

"""The two scripts of Serbian, and the safe direction between them: Cyrillic to Latin.

The other is not safe: нј of инјекција is no њ.
"""

import re
from enum import StrEnum

_PLAIN = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
_DIGRAPHS = {"љ": "lj", "њ": "nj", "џ": "dž"}
_LETTERS = str.maketrans(_PLAIN | {key.upper(): value.upper() for key, value in _PLAIN.items()})
_DIGRAPH = re.compile("[љњџЉЊЏ]")


class Script(StrEnum):
    """ISO 15924 codes."""

    CYRILLIC = "Cyrl"
    LATIN = "Latn"

    @property
    def tag(self) -> str:
        """Return the language tag of Serbian in this script (BCP 47)."""
        return f"sr-{self.value}"

    def spell(self, text: str) -> str:
        """Return a Cyrillic text in this script."""
        return to_latin(text) if self is Script.LATIN else text


def to_latin(text: str) -> str:
    """Transliterate letter by letter; what is not Serbian Cyrillic stays as it is."""
    return _DIGRAPH.sub(_spell, text).translate(_LETTERS)


def _spell(match: re.Match[str]) -> str:
    letter = match[0]
    spelled = _DIGRAPHS[letter.lower()]
    if letter.islower():
        return spelled
    return spelled.upper() if _in_capitals(match.string, match.start()) else spelled.capitalize()


def _in_capitals(text: str, place: int) -> bool:
    """Tell whether a capital stands in a word of capitals: ЊЕГОШ and КОЊ, but not Његош or Њ."""
    following, previous = text[place + 1 : place + 2], text[max(place - 1, 0) : place]
    if following.isalpha():
        return following.isupper()
    return previous.isupper()

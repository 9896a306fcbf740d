"""Making spellings equal: script, case, diacritics, and both ways of writing đ."""

import unicodedata
from collections.abc import Iterator

_SERBIAN = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)) | {
    "љ": "lj",
    "њ": "nj",
    "џ": "dž",
}
_NEIGHBOURS = {"ѓ": "g", "ќ": "k", "ѕ": "dz", "ѐ": "e", "ѝ": "i", "ё": "e", "й": "j"} | {
    "щ": "št",
    "ъ": "a",
    "ы": "i",
    "ь": "",
    "э": "e",
    "ю": "ju",
    "я": "ja",
}
_LATIN = {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"}
_LETTERS = str.maketrans(_SERBIAN | _NEIGHBOURS | _LATIN)
MOST_SPELLINGS = 8


def latin(text: str) -> str:
    """Return `text` in lower-case Serbian Latin with its own diacritics: Ђорђе → đorđe."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)


def fold(text: str) -> str:
    """Return the plainest spelling: small letters a–z, digits, single spaces; đ becomes dj.

    Names keep their words apart at spaces, hyphens and whatever else is no letter or digit;
    an apostrophe joins (D'Angelo → dangelo).
    """
    plain = _plain(latin(text).replace("đ", "dj"))
    return " ".join(_words(plain))


def spellings(word: str) -> tuple[str, ...]:
    """Return how a person without our letters may write one word: đ is dj or d.

    Ђорђевић → djordjevic, djordevic, dordjevic, dordevic; at most MOST_SPELLINGS of them.
    """
    first, *rest = latin(word).split("đ")
    made = [first]
    for part in rest:
        made = [start + way + part for start in made for way in ("dj", "d")][:MOST_SPELLINGS]
    return tuple(fold(one) for one in made)


def words(text: str) -> tuple[str, ...]:
    """Split `text` into words as `fold` sees them, still unfolded."""
    return tuple(_words(latin(text)))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _words(text: str) -> Iterator[str]:
    joined = "".join(_kept(letter) for letter in text)
    yield from joined.split()


def _kept(letter: str) -> str:
    if letter.isalnum() or unicodedata.combining(letter):
        return letter
    return "" if letter in "'’ʼ`´" else " "

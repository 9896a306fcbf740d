"""The order of the Serbian alphabet, as a key that any database can compare."""

import re

from archive.search import folding

_WORD_END = "00"
_DIGITS = "0123456789"
# Foreign letters stand where the Serbian locale of ICU has them.
_LETTERS = (*"abcčćd", "dž", *"đefghijkl", "lj", *"mn", "nj", *"opqrsštuvwxyzž")
_UNKNOWN = "99"
_PLACES = {letter: f"{place:02d}" for place, letter in enumerate((*_DIGITS, *_LETTERS), 1)}
_SPLIT = re.compile("dž|lj|nj|.")


def sort_key(text: str) -> str:
    """Return digits, two a letter, that sort as the Serbian alphabet does, in either script.

    A word's end sorts before every letter: Ана Б. before Анабела.
    """
    words = (_SPLIT.findall(word) for word in folding.words(text))
    return _WORD_END.join("".join(map(_place, word)) for word in words)


def _place(letter: str) -> str:
    """Return a letter's place; one with a foreign mark stands with its plain letter (á with a)."""
    return _PLACES.get(letter) or _PLACES.get(folding.fold(letter), _UNKNOWN)

"""Codes of folders and places: what a scanner types, whatever the keyboard and its layout.

A code is a letter for its kind, nine characters by chance and two that check them; it says nothing
of a person and stays when a box moves. Characters: digits and the letters that stand alike on
English and Serbian keyboards and cannot be taken for another one; 31 of them, which is a prime.
"""

import re
import secrets
from enum import StrEnum

from archive import errors

ALPHABET = "0123456789ABCDEFGHJKLMNPRSTUVWX"
LENGTH = 12
_BY_CHANCE = 9
_GROUP = 4

# Typed by hand, and what the keys of a Serbian Cyrillic keyboard give for the Latin ones.
_MEANT = str.maketrans("ЉЊЕРТЗУИОПАСДФГХЈКЛЅЏЦВБНМOI", "QWERTYU10PASDFGHJKLZXCVBNM01", " \t\r\n-./")
# The codes of the counter's pages: the case's number is the third to the eleventh character.
_PAGE = re.compile(r"1[0-9A-Z](\d{9})[A-Z]{2}[0-9A-Z]{20}")


class Kind(StrEnum):
    FOLDER = "F"
    BOX = "B"
    SHELF = "S"
    ROOM = "R"


class MistypedError(errors.ArchiveError):
    """A text looks like a code and is none: a character is wrong."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def make(kind: Kind) -> str:
    """Return a new code; nobody has to ask which are taken (31^9, and the tables refuse a twin)."""
    body = kind + "".join(secrets.choice(ALPHABET) for _ in range(_BY_CHANCE))
    return body + _check(body)


def folder() -> str:
    return make(Kind.FOLDER)


def read(text: str) -> str | None:
    """Return the code that was meant, None where it is something else. Raises MistypedError."""
    code = fold(text)
    if len(code) != LENGTH or code[0] not in set(Kind):
        return None
    if not set(code) - set(ALPHABET) and _check(code[:-2]) == code[-2:]:
        return code
    if any(map(str.isdigit, text)):
        raise MistypedError(text)
    return None


def case_of_page(text: str) -> str | None:
    """Return the number of the case that a printed page's code names; not proven, only found by."""
    found = _PAGE.fullmatch(fold(text))
    return found[1] if found else None


def fold(text: str) -> str:
    return text.upper().translate(_MEANT)


def spaced(code: str) -> str:
    """Write F4K7D92XM3PT as F4K7 D92X M3PT."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _check(body: str) -> str:
    """Return two sums over GF(31): any two wrong characters, or two exchanged ones, are noticed."""
    values = [ALPHABET.index(each) for each in body]
    sums = (
        sum(value * place**power for place, value in enumerate(values, 1)) % len(ALPHABET)
        for power in (1, 2)
    )
    return "".join(ALPHABET[each] for each in sums)

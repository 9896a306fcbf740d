"""What a record says, as the lexemes under which both engines find it.

A lexeme is a letter for what it is part of and a word in a–z and 0–9, so that one index without
columns answers every question: npetrovic is a name, c260000123 a case number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from archive import vault
from archive.search import folding, slips

LETTERS = {
    "name": "n",
    "case_number": "c",
    "file_number": "l",
    "serial": "s",  # of each certificate, and of what it renews
    "jmbg": "j",
    "document_number": "d",
    "officer": "o",
    "office": "f",
    "visible": "v",  # the code of its office alone: who may see it
    "place": "h",
    "paper": "p",
    "kind": "k",
    "state": "e",
    "note": "t",
    "decided_on": "w",
    "filed_on": "x",
    "valid_from": "y",
    "valid_until": "z",
    "nearly": "q",  # a name with a letter left out
}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_TOKEN = 40  # characters of a keyed token: 160 bits


@dataclass(frozen=True)
class Said:
    """What can be found of a record."""

    name: str
    case_number: str
    file_number: str
    jmbg_token: str
    document_token: str
    office_code: str
    office_name: str
    officer: str
    kind: str
    state: str
    decided_on: date
    filed_on: date
    serials: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()  # kinds
    valid_from: tuple[date, ...] = ()
    valid_until: tuple[date, ...] = ()
    notes: tuple[str, ...] = ()  # typed by people
    place: int | None = None  # where its folder belongs


@dataclass(frozen=True)
class Entry:
    """A record's line in the index."""

    record: int
    sort_key: str
    lexemes: frozenset[str]


class Found(NamedTuple):
    """A record that fits."""

    record: int
    sort_key: str


@dataclass(frozen=True)
class Span:
    """Which of the records that fit are wanted, counted from the newest: the highest id."""

    most: int
    below: int = 0  # only older ones than this
    above: int = 0  # those nearest to this that are newer


def lexeme(part: str, word: str) -> str:
    """Write a word that was folded, or a code as it is; foreign letters by their numbers."""
    word = word.casefold()
    if not (word.isascii() and word.isalnum()):
        word = "".join(each if each in _PLAIN else f"x{ord(each):x}" for each in word)
    return LETTERS[part] + word


def of_record(said: Said) -> frozenset[str]:
    """Return all lexemes of a record."""
    found = {
        "name": _names(said.name),
        "nearly": _nearly(said.name),
        "officer": _names(said.officer),
        "case_number": number(said.case_number),
        "file_number": number(said.file_number),
        "serial": said.serials,
        "jmbg": (token(said.jmbg_token),),
        "document_number": (token(said.document_token),),
        "office": folding.fold(f"{said.office_code} {said.office_name}").split(),
        "visible": (said.office_code,),
        "place": (str(said.place or ""),),
        "paper": said.papers,
        "kind": (said.kind,),
        "state": (said.state,),
        "note": folding.fold(" ".join(said.notes)).split(),
        "decided_on": days((said.decided_on,)),
        "filed_on": days((said.filed_on,)),
        "valid_from": (f"{day:%Y%m%d}" for day in said.valid_from),
        "valid_until": days(said.valid_until),
    }
    return frozenset(lexeme(part, word) for part, words in found.items() for word in words if word)


def number(text: str) -> Iterator[str]:
    """Write a number from each of its parts on, without separators: SE-12/2026 is also 122026."""
    parts = folding.fold(text).split()
    for first in range(len(parts)):
        yield "".join(parts[first:])


def token(keyed: str) -> str:
    """Shorten a token of the vault, its key's id last: beginnings are to differ."""
    key, _dot, mac = keyed.partition(".")
    return mac[: _TOKEN - len(key)] + key


def tokens(use: str, value: str) -> Iterator[str]:
    return map(token, vault.tokens(use, value))


def days(some: Iterable[date]) -> Iterator[str]:
    """Write a day as itself, its month, its year and its decade: a span needs few of them."""
    for day in some:
        whole = f"{day:%Y%m%d}"
        yield from (whole, whole[:6], whole[:4], whole[:3])


def _names(text: str) -> Iterator[str]:
    """Write a name's đ (or dj) in both its spellings."""
    for word in folding.words(text):
        yield from folding.spellings(word.replace("dj", "đ"))


def _nearly(name: str) -> Iterator[str]:
    for word in folding.fold(name).split():
        yield from slips.of(word)

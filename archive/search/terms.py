"""What a person typed, understood: names, numbers, dates; safe to hand to the index."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from archive.search import folding, slips, spans
from archive.search.words import lexeme, tokens

JMBG = re.compile(r"\d{13}")
DOCUMENT = re.compile(r"\d{9}")
DAYS = ("decided_on", "filed_on", "valid_from", "valid_until")
_SERIAL = re.compile(r"(?:[0-9a-f]{2}[: ]?)*[0-9a-f]{1,2}", re.IGNORECASE)
_SERBIAN_DAY = re.compile(r"(?<!\S)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\.?(?!\S)")
_ISO_DAY = re.compile(r"(?<!\S)(\d{4})-(\d{2})-(\d{2})(?!\S)")
# Shorter words from the one box are names or years rather than the beginning of a serial number.
_SERIAL_WITH_DIGITS = 6
_SERIAL_OF_LETTERS = 8
_NUMBERS = {"case_number", "file_number", "serial", "jmbg", "document_number", "note"}
_NARROW = 8  # characters


@dataclass(frozen=True)
class Word:
    """A word of one part of a record, possibly only begun."""

    part: str  # of words.LETTERS
    text: str
    begun: bool = True

    @cached_property
    def lexeme(self) -> str:
        return lexeme(self.part, self.text)

    def fits(self, lexemes: Collection[str]) -> bool:
        """Tell whether a record has it: for saying why it was found."""
        if self.begun:
            return any(each.startswith(self.lexeme) for each in lexemes)
        return self.lexeme in lexemes


@dataclass(frozen=True)
class Term:
    """One thing to find: any of its readings will do."""

    words: tuple[Word, ...]

    @property
    def narrow(self) -> bool:
        """Tell whether few records can fit: it is a number, and most of it is there."""
        return all(
            word.part in _NUMBERS
            and len(word.text) >= _NARROW
            and any(each.isdigit() for each in word.text)
            for word in self.words
        )


def parse(box: str) -> tuple[Term, ...]:
    """Read the one box: every term must be found, in whatever order they were typed."""
    days, rest = _days(box)
    found = [_read(word) for word in rest.split()]
    return (*days, *(term for group in found for term in group))


def of_name(part: str, text: str) -> tuple[Term, ...]:
    """Read words of a name, each by its beginning."""
    return tuple(Term(_names(part, word)) for word in folding.words(text))


def of_words(part: str, text: str) -> tuple[Term, ...]:
    """Read words of which each may only be begun."""
    return tuple(Term((Word(part, word),)) for word in folding.fold(text).split())


def of_code(part: str, text: str) -> tuple[Term, ...]:
    """Read a code of ours, whole."""
    return (Term((Word(part, text, begun=False),)),) if text else ()


def of_number(part: str, text: str) -> tuple[Term, ...]:
    """Read a case or file number, or a serial number by its beginning."""
    words = _serials(text, 1) if part == "serial" else _number(part, text)
    return (Term(words),) if words else ()


def of_token(part: str, text: str) -> tuple[Term, ...]:
    """Read a JMBG or the number of a document, whole: they are found by their keyed tokens."""
    return (Term(_tokens(part, text)),) if text else ()


def of_span(part: str, first: date | None, last: date | None) -> tuple[Term, ...]:
    """Read the days between two; a span that ends before it begins fits nothing."""
    if first is None and last is None:
        return ()
    return (Term(tuple(Word(part, each, begun=False) for each in spans.of(first, last))),)


def of_any(part: str, codes: Iterable[str]) -> tuple[Term, ...]:
    """Read codes of which any will do; none of them fits nothing."""
    return (Term(tuple(Word(part, code, begun=False) for code in codes)),)


def nearly(term: Term) -> Term:
    """Allow one slip in a name."""
    names = (word.text for word in term.words if word.part == "name")
    alike = dict.fromkeys(slip for name in names for slip in slips.of(name))
    return Term((*term.words, *(Word("nearly", slip, begun=False) for slip in alike)))


def _read(word: str) -> Iterator[Term]:
    if any(letter.isdigit() for letter in word):
        serials = _serials(word, _SERIAL_WITH_DIGITS)
        yield Term((*_numbers(word), *serials, *_persons(word), *_notes(word)))
        return
    serials = _serials(word, _SERIAL_OF_LETTERS)
    for part in folding.words(word):
        yield Term((*_names("name", part), *_numbers(part), *serials, *_notes(part)))


def _names(part: str, word: str) -> tuple[Word, ...]:
    return tuple(Word(part, spelling) for spelling in folding.spellings(word))


def _numbers(word: str) -> tuple[Word, ...]:
    return (*_number("case_number", word), *_number("file_number", word))


def _number(part: str, text: str) -> tuple[Word, ...]:
    """Read a number without its separators: 26-0000123 is 260000123."""
    plain = folding.fold(text).replace(" ", "")
    return (Word(part, plain),) if plain else ()


def _persons(word: str) -> tuple[Word, ...]:
    if JMBG.fullmatch(word):
        return _tokens("jmbg", word)
    return _tokens("document_number", word) if DOCUMENT.fullmatch(word) else ()


def _tokens(part: str, text: str) -> tuple[Word, ...]:
    use = {"jmbg": "jmbg", "document_number": "document"}[part]
    return tuple(Word(part, each, begun=False) for each in tokens(use, text))


def _notes(word: str) -> tuple[Word, ...]:
    return tuple(Word("note", each) for each in folding.fold(word).split()[:1])


def _serials(word: str, least: int) -> tuple[Word, ...]:
    plain = _hex(word)
    return (Word("serial", plain),) if len(plain) >= least else ()


def _hex(text: str) -> str:
    """Return hex digits without what other programs write between and before them."""
    text = text.strip()
    plain = re.sub(r"[: ]", "", text).lower() if _SERIAL.fullmatch(text) else ""
    return plain.lstrip("0")


def _days(box: str) -> tuple[list[Term], str]:
    """Take the dates out of the box: 1.3.2026. or 01.03.2026 or 2026-03-01."""
    found: list[Term] = []

    def take(year: str, month: str, day: str, typed: str) -> str:
        try:
            meant = date(int(year), int(month), int(day))
        except ValueError:
            return typed
        found.append(Term(tuple(Word(part, f"{meant:%Y%m%d}", begun=False) for part in DAYS)))
        return " "

    box = _SERBIAN_DAY.sub(lambda at: take(at[3], at[2], at[1], at[0]), box)
    box = _ISO_DAY.sub(lambda at: take(at[1], at[2], at[3], at[0]), box)
    return found, box

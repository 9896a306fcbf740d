"""What a person typed, understood: names, numbers, dates; safe to hand to the index."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from archive.search import folding
from archive.search.words import Words

JMBG = re.compile(r"\d{13}")
DOCUMENT = re.compile(r"\d{9}")
_SERIAL = re.compile(r"(?:[0-9a-f]{2}[: ]?)*[0-9a-f]{1,2}", re.IGNORECASE)
_SERBIAN_DAY = re.compile(r"(?<!\S)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\.?(?!\S)")
_ISO_DAY = re.compile(r"(?<!\S)(\d{4})-(\d{2})-(\d{2})(?!\S)")
# Shorter words from the one box are names or years rather than the beginning of a serial number.
_SERIAL_WITH_DIGITS = 6
_SERIAL_OF_LETTERS = 8


@dataclass(frozen=True)
class Phrase:
    """Consecutive words of one column, the last of them possibly only begun."""

    column: str  # of words.Words
    text: str  # folded: letters, digits, single spaces

    def fits(self, words: Words) -> bool:
        """Tell whether these words are among the record's: for saying why it was found."""
        return f" {self.text}" in f" {getattr(words, self.column)}"


@dataclass(frozen=True)
class Term:
    """One thing to find: any of its readings will do."""

    phrases: tuple[Phrase, ...] = ()
    jmbg: str = ""
    document_number: str = ""
    day: date | None = None


def parse(box: str) -> tuple[Term, ...]:
    """Read the one box: every term must be found, in whatever order they were typed."""
    days, rest = _days(box)
    found = [_read(word) for word in rest.split()]
    return (*days, *(term for group in found for term in group))


def of_name(text: str) -> tuple[Term, ...]:
    """Read words of a name, each by its beginning."""
    return tuple(Term(_names(word)) for word in folding.words(text))


def of_number(column: str, text: str) -> tuple[Term, ...]:
    """Read a case or file number, or a serial number by its beginning."""
    phrases = _serials(text, 1) if column == "serial" else _number(column, text)
    return (Term(phrases),) if phrases else ()


def of_jmbg(text: str) -> tuple[Term, ...]:
    return (Term(jmbg=text),) if text else ()


def of_document(text: str) -> tuple[Term, ...]:
    return (Term(document_number=text),) if text else ()


def _read(word: str) -> Iterator[Term]:
    if any(letter.isdigit() for letter in word):
        yield Term(
            phrases=(*_numbers(word), *_serials(word, _SERIAL_WITH_DIGITS)),
            jmbg=word if JMBG.fullmatch(word) else "",
            document_number=word if DOCUMENT.fullmatch(word) else "",
        )
        return
    serials = _serials(word, _SERIAL_OF_LETTERS)
    for part in folding.words(word):
        yield Term((*_names(part), *_numbers(part), *serials))


def _names(word: str) -> tuple[Phrase, ...]:
    return tuple(Phrase("name", spelling) for spelling in folding.spellings(word))


def _numbers(word: str) -> tuple[Phrase, ...]:
    return (*_number("case_number", word), *_number("file_number", word))


def _number(column: str, text: str) -> tuple[Phrase, ...]:
    """Read a number with its separators, and without: 26-0000123 is 260000123."""
    plain = folding.fold(text)
    spellings = dict.fromkeys((plain, plain.replace(" ", "")))
    return tuple(Phrase(column, spelling) for spelling in spellings if spelling)


def _serials(word: str, least: int) -> tuple[Phrase, ...]:
    plain = _hex(word)
    return (Phrase("serial", plain),) if len(plain) >= least else ()


def _hex(text: str) -> str:
    """Return hex digits without the colons and spaces that other programs show between them."""
    text = text.strip()
    return re.sub(r"[: ]", "", text).lower() if _SERIAL.fullmatch(text) else ""


def _days(box: str) -> tuple[list[Term], str]:
    """Take the dates out of the box: 1.3.2026. or 01.03.2026 or 2026-03-01."""
    found: list[Term] = []

    def take(year: str, month: str, day: str, typed: str) -> str:
        try:
            found.append(Term(day=date(int(year), int(month), int(day))))
        except ValueError:
            return typed
        return " "

    box = _SERBIAN_DAY.sub(lambda at: take(at[3], at[2], at[1], at[0]), box)
    box = _ISO_DAY.sub(lambda at: take(at[1], at[2], at[3], at[0]), box)
    return found, box

"""The index on PostgreSQL: its text search, the words set one by one.

The vectors are written here and not by `to_tsvector`, whose parser would take a serial number
such as 12e5ab for a decimal one. A column of `Words` is a weight, A to D.
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import Any

from archive.search.terms import Phrase, Term
from archive.search.words import COLUMNS, Words

CREATE = (
    "CREATE TABLE archive_search (record bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX archive_search_words ON archive_search USING gin (words)",
)
DELETE = "DELETE FROM archive_search WHERE record = %s"
INSERT = "INSERT INTO archive_search (record, words) VALUES (%s, %s::tsvector)"
MATCHING = "SELECT record FROM archive_search WHERE words @@ %s::tsquery"

_WEIGHTS = dict(zip(COLUMNS, "ABCD", strict=True))


def row(record: int, words: Words) -> list[Any]:
    texts = zip(_WEIGHTS.values(), astuple(words), strict=True)
    return [record, " ".join(word for weight, text in texts for word in _vector(weight, text))]


def expression(terms: Iterable[Term]) -> str:
    """Ask for all terms, of each any reading."""
    each = (" | ".join(map(_phrase, term.phrases)) for term in terms)
    return " & ".join(f"({readings})" for readings in each)


def _vector(weight: str, text: str) -> Iterator[str]:
    for place, word in enumerate(text.split(), 1):
        yield f"'{word}':{place}{weight}"


def _phrase(phrase: Phrase) -> str:
    """Write words that follow each other, the last one begun; folding left no quote in them."""
    weight = _WEIGHTS[phrase.column]
    *whole, begun = phrase.text.split()
    return " <-> ".join((*(f"'{word}':{weight}" for word in whole), f"'{begun}':*{weight}"))

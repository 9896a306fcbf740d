"""The index on SQLite: a table of FTS5, asked in its own query language."""

from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from archive.search.terms import Phrase, Term
from archive.search.words import COLUMNS, Words

_CREATE = (
    "CREATE VIRTUAL TABLE archive_search USING fts5"
    f"({', '.join(COLUMNS)}, prefix='2 3 4', tokenize='unicode61 remove_diacritics 0')"
)
CREATE = (_CREATE,)
DELETE = "DELETE FROM archive_search WHERE rowid = %s"
INSERT = f"INSERT INTO archive_search (rowid, {', '.join(COLUMNS)}) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608 - names of our own columns
MATCHING = "SELECT rowid FROM archive_search WHERE archive_search MATCH %s"


def row(record: int, words: Words) -> list[Any]:
    return [record, *astuple(words)]


def expression(terms: Iterable[Term]) -> str:
    """Ask for all terms, of each any reading."""
    each = (" OR ".join(map(_phrase, term.phrases)) for term in terms)
    return " AND ".join(f"({readings})" for readings in each)


def _phrase(phrase: Phrase) -> str:
    """Write it always quoted; folding left no quote in it."""
    return f'{{{phrase.column}}} : ("{phrase.text}" *)'

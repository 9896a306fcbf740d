"""The index on SQLite: a table of FTS5 that keeps for each lexeme the records alone."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.backends.utils import CursorWrapper

from archive.search.terms import Term, Word
from archive.search.words import Entry, Span

EXISTS = "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN (%s, %s)"
# Waits for who writes, and lets nobody else: our transactions are immediate ones.
ALONE = "SELECT 1"


def create(table: str) -> tuple[str, ...]:
    options = "prefix='2 3 4 5', detail=none, columnsize=0, tokenize='ascii'"
    return (f"CREATE VIRTUAL TABLE {table} USING fts5(words, sort_key UNINDEXED, {options})",)


def complete(table: str, *, alone: bool) -> tuple[str, ...]:  # noqa: ARG001 nothing is missing here
    return ()


def forget(table: str) -> tuple[str, ...]:
    """Merge all segments into one: words of deleted rows stand in the older ones until then."""
    return (f"INSERT INTO {table} ({table}) VALUES ('optimize')",)


def rename(table: str, name: str) -> tuple[str, ...]:
    return (f"ALTER TABLE {table} RENAME TO {name}",)


def delete(table: str) -> str:
    return f"DELETE FROM {table} WHERE rowid = %s"


def insert(table: str) -> str:
    return f"INSERT INTO {table} (rowid, words, sort_key) VALUES (%s, %s, %s)"


def row(entry: Entry) -> list[Any]:
    return [entry.record, " ".join(sorted(entry.lexemes)), entry.sort_key]


def last(table: str) -> str:
    return f"SELECT max(rowid) FROM {table}"


def between(table: str) -> str:
    return f"{_read(table)} BETWEEN %s AND %s"


def among(table: str, count: int) -> str:
    return f"{_read(table)} IN ({', '.join(['%s'] * count)})"


def _read(table: str) -> str:
    return f"SELECT rowid, words, sort_key FROM {table} WHERE rowid"


def strangers(table: str, records: str) -> tuple[str, str]:
    """Ask for records that are not in the index, and for what there is of no record."""
    missing = f"SELECT id FROM {records} WHERE id NOT IN (SELECT rowid FROM {table})"
    return missing, f"SELECT rowid FROM {table} WHERE rowid NOT IN (SELECT id FROM {records})"


def read(words: str) -> frozenset[str]:
    return frozenset(words.split())


def find(
    cursor: CursorWrapper, table: str, asked: Collection[Term], span: Span
) -> list[tuple[int, str]]:
    """Return id and sort key of those that fit, in the order of the span."""
    fits, order = f"SELECT rowid, sort_key FROM {table} WHERE {table} MATCH %s", "DESC"
    given: list[Any] = [expression(asked)]
    if span.below:
        fits, given = f"{fits} AND rowid < %s", [*given, span.below]
    if span.above:
        fits, order, given = f"{fits} AND rowid > %s", "ASC", [*given, span.above]
    cursor.execute(f"{fits} ORDER BY rowid {order} LIMIT %s", [*given, span.most])
    return list(cursor.fetchall())


def fitting(table: str) -> str:
    return f"SELECT rowid FROM {table} WHERE {table} MATCH %s"


def count(table: str) -> str:
    return f"SELECT count(*) FROM {table} WHERE {table} MATCH %s"


def expression(asked: Iterable[Term]) -> str:
    """Ask for all terms, of each any reading."""
    each = (" OR ".join(map(_word, term.words)) for term in asked)
    return " AND ".join(f"({readings})" for readings in each)


def _word(word: Word) -> str:
    """Write it always quoted; there is no quote in a lexeme."""
    return f'"{word.lexeme}"{" *" if word.begun else ""}'

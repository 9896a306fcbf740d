"""The index on PostgreSQL: vectors of its text search, without places, and a GIN index over them.

The vectors are written here and not by `to_tsvector`, whose parser would take a serial number
such as 12e5ab for a decimal one.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.backends.utils import CursorWrapper

from archive.search.terms import Term, Word
from archive.search.words import Entry, Span

EXISTS = "SELECT relname FROM pg_class WHERE oid IN (to_regclass(%s), to_regclass(%s))"
# Waits for everybody who writes a record, and keeps them waiting to the end of the transaction.
ALONE = "LOCK TABLE archive_record IN SHARE ROW EXCLUSIVE MODE"
# The server's guess about beginnings of words is a poor one: we look at the newest ourselves.
_TRIED, _COMMON = 2000, 100  # rows; of them so many fit that going through all in order is best
_SPARE = 2  # times as many rows as should be needed


def create(table: str) -> tuple[str, ...]:
    columns = "record bigint PRIMARY KEY, sort_key text NOT NULL, words tsvector NOT NULL"
    return (f"CREATE TABLE {table} ({columns})",)


def complete(table: str, *, alone: bool) -> tuple[str, ...]:
    """Add what is quicker to make once the rows are there; `alone`: inside of a transaction."""
    how = "INDEX" if alone else "INDEX CONCURRENTLY"
    return (
        f"DROP INDEX IF EXISTS {table}_words",
        f"CREATE {how} {table}_words ON {table} USING gin (words) WITH (fastupdate = off)",
        f"ANALYZE {table}",
    )


def forget(table: str) -> tuple[str, ...]:  # noqa: ARG001 the next VACUUM does it
    return ()


def rename(table: str, name: str) -> tuple[str, ...]:
    return (
        f"ALTER TABLE {table} RENAME TO {name}",
        f"ALTER INDEX {table}_words RENAME TO {name}_words",
        f"ALTER INDEX {table}_pkey RENAME TO {name}_pkey",
    )


def delete(table: str) -> str:
    return f"DELETE FROM {table} WHERE record = %s"


def insert(table: str) -> str:
    return f"INSERT INTO {table} (record, words, sort_key) VALUES (%s, %s::tsvector, %s)"


def row(entry: Entry) -> list[Any]:
    return [entry.record, " ".join(f"'{each}'" for each in entry.lexemes), entry.sort_key]


def last(table: str) -> str:
    return f"SELECT max(record) FROM {table}"


def between(table: str) -> str:
    return f"{_read(table)} BETWEEN %s AND %s"


def among(table: str, count: int) -> str:
    return f"{_read(table)} IN ({', '.join(['%s'] * count)})"


def _read(table: str) -> str:
    return f"SELECT record, tsvector_to_array(words), sort_key FROM {table} WHERE record"


def strangers(table: str, records: str) -> tuple[str, str]:
    """Ask for records that are not in the index, and for what there is of no record."""
    return (
        f"SELECT id FROM {records} r WHERE NOT EXISTS (SELECT FROM {table} WHERE record = r.id)",
        f"SELECT record FROM {table} t WHERE NOT EXISTS (SELECT FROM {records} WHERE id = record)",
    )


def read(words: list[str]) -> frozenset[str]:
    return frozenset(words)


def find(
    cursor: CursorWrapper, table: str, asked: Collection[Term], span: Span
) -> list[tuple[int, str]]:
    """Return id and sort key of those that fit, in the order of the span.

    Of what is common the newest are quickly met by going through all; of what is rare GIN has
    the list. Of what lies between, the list is long: only its end is read, where that is enough.
    """
    wanted, (end, given) = expression(asked), _end(span)
    top, met = (0, 0) if any(term.narrow for term in asked) else _met(cursor, table, wanted)
    if met >= _COMMON:
        return _rows(cursor, f"{_in_order(table)} {end}", [wanted, *given])
    reach = _SPARE * span.most * _TRIED // max(met, 1)
    if met and reach < top:
        near, edges = _near(span, top, reach)
        rows = _rows(cursor, f"{_by_list(table, near)} {end}", [wanted, *edges, *given])
        if len(rows) == span.most:
            return rows
    return _rows(cursor, f"{_by_list(table)} {end}", [wanted, *given])


def _met(cursor: CursorWrapper, table: str, wanted: str) -> tuple[int, int]:
    """Return the id of the newest record, and how many of the newest fit."""
    tried = f"SELECT record, words FROM {table} ORDER BY record DESC LIMIT {_TRIED}"
    met = "count(*) FILTER (WHERE words @@ %s::tsquery)"
    ((top, number),) = _rows(cursor, f"SELECT max(record), {met} FROM ({tried}) newest", [wanted])
    return top or 0, number


def _near(span: Span, top: int, reach: int) -> tuple[str, list[int]]:
    """Return a condition for those among which enough should fit: others need not be read."""
    if span.above:
        return "AND record > %s AND record <= %s", [span.above, span.above + reach]
    if span.below:
        return "AND record < %s AND record >= %s", [span.below, span.below - reach]
    return "AND record > %s", [top - reach]


def _rows(cursor: CursorWrapper, statement: str, given: list[Any]) -> list[tuple[Any, ...]]:
    cursor.execute(statement, given)
    return list(cursor.fetchall())


def _in_order(table: str) -> str:
    """Write the condition as a function, which no index serves."""
    return f"SELECT record, sort_key FROM {table} WHERE ts_match_vq(words, %s::tsquery)"


def _by_list(table: str, near: str = "") -> str:
    fitting = f"SELECT record, sort_key FROM {table} WHERE words @@ %s::tsquery {near}"
    return f"WITH found AS MATERIALIZED ({fitting}) SELECT * FROM found WHERE true"


def _end(span: Span) -> tuple[str, list[int]]:
    if span.above:
        return "AND record > %s ORDER BY record LIMIT %s", [span.above, span.most]
    if span.below:
        return "AND record < %s ORDER BY record DESC LIMIT %s", [span.below, span.most]
    return "ORDER BY record DESC LIMIT %s", [span.most]


def fitting(table: str) -> str:
    return f"SELECT record FROM {table} WHERE words @@ %s::tsquery"


def count(table: str) -> str:
    return f"SELECT count(*) FROM {table} WHERE words @@ %s::tsquery"


def expression(asked: Iterable[Term]) -> str:
    """Ask for all terms, of each any reading."""
    each = (" | ".join(map(_word, term.words)) for term in asked)
    return " & ".join(f"({readings})" for readings in each)


def _word(word: Word) -> str:
    return f"'{word.lexeme}'{':*' if word.begun else ''}"

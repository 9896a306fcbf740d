"""The full-text index on the engine that the database has: the one module that asks it.

While a new one is being made it stands beside the old one, which answers until then. What a table
of ours is called says which it is; nothing else is kept of its state.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType

from django.db import connection
from django.db.models.expressions import RawSQL

from archive.search import fts5, tsvector
from archive.search.terms import Term
from archive.search.words import Entry, Found, Span

_ENGINES = {"sqlite": fts5, "postgresql": tsvector}
_RECORDS = "archive_record"


class Table(StrEnum):
    """What there may be of the index."""

    SERVING = "archive_search"
    NEXT = "archive_search_next"  # being made: every record up to its last one


@dataclass(frozen=True)
class Strangers:
    """Records by their ids: those that the index lacks, and those that it alone has."""

    missing: list[int]
    gone: list[int]


def tables() -> set[Table]:
    """Tell what there is of the index."""
    with connection.cursor() as cursor:
        cursor.execute(_engine().EXISTS, list(Table))
        return {Table(name) for (name,) in cursor.fetchall()}


def answering() -> Table | None:
    """Return the table that is asked; a half-made one where there is no other."""
    there = tables()
    return next((table for table in Table if table in there), None)


def create(table: Table = Table.SERVING) -> None:
    _run(_engine().create(table))


def complete(table: Table = Table.SERVING) -> None:
    """Add what makes a filled table quick; people may search and file meanwhile."""
    _run(_engine().complete(table, alone=connection.in_atomic_block))


def drop(table: Table = Table.SERVING) -> None:
    _run((f"DROP TABLE IF EXISTS {table}",))


def serve_next() -> None:
    """Put the new index in the old one's place; call it in a transaction, alone."""
    drop(Table.SERVING)
    _run(_engine().rename(Table.NEXT, Table.SERVING))


def alone() -> None:
    """Wait until nobody writes a record, and keep it so to the end of the transaction."""
    _run((_engine().ALONE,))


def write(entry: Entry) -> None:
    """Put a record into the index, instead of what stood there.

    The next index gets it if it has it already; else the record's turn comes. The caller holds
    the record's lock.
    """
    there = tables()
    if Table.SERVING in there:
        replace(Table.SERVING, [entry])
    if Table.NEXT in there and _delete(Table.NEXT, entry.record):
        insert(Table.NEXT, [entry])


def remove(record: int) -> None:
    """Take a record out of the index."""
    for table in tables():
        _delete(table, record)


def forget() -> None:
    """Leave nothing on the disk of what was taken out; it may take long where there is much."""
    for table in tables():
        _run(_engine().forget(table))


def replace(table: Table, entries: Collection[Entry]) -> None:
    for entry in entries:
        _delete(table, entry.record)
    insert(table, entries)


def insert(table: Table, entries: Iterable[Entry]) -> None:
    engine = _engine()
    with connection.cursor() as cursor:
        cursor.executemany(engine.insert(table), [engine.row(entry) for entry in entries])


def find(asked: Collection[Term], span: Span, table: Table | None = None) -> list[Found]:
    """Return the newest records that fit all terms, from the newest; none without an index.

    `table` is what `answering` said just before.
    """
    table = table or answering()
    if table is None or not all(term.words for term in asked):
        return []
    with connection.cursor() as cursor:
        rows = _engine().find(cursor, table, asked, span)
    found = [Found(*row) for row in rows]
    return found[::-1] if span.above else found


def fitting(asked: Collection[Term]) -> RawSQL:
    """Return the ids of all records that fit, for `pk__in`; an index has to be there."""
    engine = _engine()
    statement = engine.fitting(answering() or Table.SERVING)
    return RawSQL(statement, [engine.expression(asked)])  # noqa: S611 - one constant statement, one parameter


def count(asked: Collection[Term]) -> int:
    """Count all records that fit, however many."""
    table = answering()
    if table is None or not all(term.words for term in asked):
        return 0
    engine = _engine()
    with connection.cursor() as cursor:
        cursor.execute(engine.count(table), [engine.expression(asked)])
        return int(cursor.fetchone()[0])


def lexemes(records: Collection[int], table: Table | None = None) -> dict[int, frozenset[str]]:
    """Return what the index knows of these records; `table` as for `find`."""
    table = table or answering()
    if table is None or not records:
        return {}
    statement = _engine().among(table, len(records))
    return {entry.record: entry.lexemes for entry in _read(statement, records)}


def between(table: Table, first: int, last: int) -> Iterator[Entry]:
    """Return what a table says of the records between two ids, both included."""
    return _read(_engine().between(table), (first, last))


def _read(statement: str, given: Iterable[int]) -> Iterator[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(given))
        rows = cursor.fetchall()
    read = _engine().read
    return (Entry(record, sort_key, read(words)) for record, words, sort_key in rows)


def last(table: Table) -> int:
    """Return the last record of a table; 0 for an empty one."""
    with connection.cursor() as cursor:
        cursor.execute(_engine().last(table))
        return cursor.fetchone()[0] or 0


def strangers(table: Table) -> Strangers:
    """Compare the ids of a table with those of the records."""
    lists = []
    with connection.cursor() as cursor:
        for statement in _engine().strangers(table, _RECORDS):
            cursor.execute(statement)
            lists.append([record for (record,) in cursor.fetchall()])
    return Strangers(*lists)


def _delete(table: Table, record: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_engine().delete(table), [record])
        return bool(cursor.rowcount)


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _engine() -> ModuleType:
    return _ENGINES[connection.vendor]

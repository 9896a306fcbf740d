"""The full-text index on the engine that the database has: the one module that asks it."""

from collections.abc import Iterable
from types import ModuleType

from django.db import connection
from django.db.models.expressions import RawSQL

from archive.search import fts5, tsvector
from archive.search.terms import Term
from archive.search.words import Words

_ENGINES = {"sqlite": fts5, "postgresql": tsvector}


def create() -> None:
    with connection.cursor() as cursor:
        for statement in _engine().CREATE:
            cursor.execute(statement)


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE archive_search")


def write(record: int, said: Words) -> None:
    """Put a record's words into the index, instead of what stood there."""
    engine = _engine()
    with connection.cursor() as cursor:
        cursor.execute(engine.DELETE, [record])
        cursor.execute(engine.INSERT, engine.row(record, said))


def matching(terms: Iterable[Term]) -> RawSQL:
    """Return the ids of the records that fit all `terms` by their words, for `pk__in`."""
    engine = _engine()
    return RawSQL(engine.MATCHING, [engine.expression(terms)])  # noqa: S611 - one constant statement, one parameter


def _engine() -> ModuleType:
    return _ENGINES[connection.vendor]

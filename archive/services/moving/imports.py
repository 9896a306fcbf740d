"""Bringing an archive in: into an empty one, batch by batch; interrupted, it goes on."""

import getpass
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from archive import errors, store
from archive.bag import reading
from archive.bag.reading import Index
from archive.bag.sources import Source
from archive.models import AuditEvent, AuditHead, AuditPrivate, Import, Record
from archive.search import index as words
from archive.services import audit
from archive.services.files import blobs
from archive.services.moving import checking, events, rows, tables
from archive.services.moving.checking import Told

_AT_ONCE = 500
_PUT_AT_ONCE = 8
_WORDS = "words"  # of the index, made when all rows are there

Progress = Callable[[str, int], None]
"""Is told what is loaded, and how many rows of it are there."""


class NotEmptyError(errors.ArchiveError):
    """There is an archive already, or another bag is half brought in."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason  # "rows" | "events" | "other" (bag) | "done"


class LoadError(errors.ArchiveError):
    """The database or the store refuses what the check let pass."""


@dataclass(frozen=True)
class _Step:
    """What is brought in item by item; `bring` is done before the transaction of `write`."""

    name: str
    items: Callable[[], Iterator[Any]]
    write: Callable[[list[Any]], None]
    bring: Callable[[list[Any]], None] = lambda _some: None
    at_once: int = _AT_ONCE


def check_empty(bag: str) -> Import | None:
    """Return how far the import of this bag has come, None before it. Raises NotEmptyError."""
    known = Import.objects.first()
    if known is None:
        _check_rows()
    elif known.done_at:
        raise NotEmptyError("done")
    elif known.bag != bag:
        raise NotEmptyError("other")
    return known


def load(
    source: Source, index: Index, told: Told, *, by: audit.Actor | None, progress: Progress
) -> None:
    """Bring in a bag that was checked; never called in a transaction.

    Each batch is one transaction with the note of how far it came; files come before their rows.
    Raises NotEmptyError, LoadError.
    """
    stand = check_empty(told.bag) or _begun(told)
    steps = list(_steps(source, index, told))
    names = [step.name for step in steps]
    at = names.index(stand.table) if stand.table in names else 0
    try:
        for step in steps[at:]:
            _take(stand, step, progress)
        _finish(source, index, stand, told, by)
    except (DatabaseError, store.StoreError) as error:
        raise LoadError(f"{stand.table} {stand.rows}: {error}") from error
    audit.sign_head()


def _check_rows() -> None:
    for table in tables.EVERYTHING:
        if not table.seeded and table.model._base_manager.exists():  # noqa: SLF001
            raise NotEmptyError("rows")
    if AuditEvent.objects.exists():
        raise NotEmptyError("events")


def _begun(told: Told) -> Import:
    """Make room: what a new database brings of its own goes."""
    with transaction.atomic():
        for table in reversed(tables.EVERYTHING):
            if table.seeded:
                table.model._base_manager.all().delete()  # noqa: SLF001
        return Import.objects.create(bag=told.bag)


def _take(stand: Import, step: _Step, progress: Progress) -> None:
    """Go on with a step where it was left."""
    if stand.table != step.name:
        stand.table, stand.rows = step.name, 0
    items = islice(step.items(), stand.rows, None)
    while some := list(islice(items, step.at_once)):
        step.bring(some)
        with transaction.atomic():
            step.write(some)
            stand.rows += len(some)
            stand.save()
        progress(step.name, stand.rows)


def _steps(source: Source, index: Index, told: Told) -> Iterator[_Step]:
    for table in tables.EVERYTHING:
        if index.has(checking.table_file(table)):
            yield _table(source, index, told, table)
    for name in index.below(checking.STREAMS):
        yield _Step(name, partial(checking.lines, source, name), _write_events)
    yield _Step(_WORDS, Record.objects.order_by("pk").iterator, _write_words)


def _table(source: Source, index: Index, told: Told, table: tables.Table) -> _Step:
    def bring(some: list[bytes]) -> None:
        """Put many at once: most of the time goes by until the disk has them."""
        paths = [index.holding(sha256) for sha256 in _named(table, some) - set(told.missing)]
        with ThreadPoolExecutor(_PUT_AT_ONCE) as pool:
            list(pool.map(partial(_put, source), filter(None, paths)))

    def write(some: list[bytes]) -> None:
        made = [rows.decode(table, rows.read(line)) for line in some]
        table.model._base_manager.bulk_create(made)  # noqa: SLF001
        blobs.keep(_named(table, some) - set(told.missing))

    # Rows that name others of their table come together: which is first is not known.
    at_once = sys.maxsize if rows.names_itself(table) else _AT_ONCE
    lines = partial(checking.lines, source, checking.table_file(table))
    return _Step(table.name, lines, write, bring, at_once)


def _put(source: Source, path: str) -> None:
    with source.open(path) as file:
        store.put(reading.pieces(file))


def _named(table: tables.Table, some: list[bytes]) -> set[str]:
    """Return which files these rows name."""
    columns = list(rows.addresses(table))
    told = [rows.read(line) for line in some] if columns else []
    return {str(each[column]) for each in told for column in columns if each[column]}


def _write_events(some: list[bytes]) -> None:
    made = [events.read(json.loads(line)) for line in some]
    AuditEvent.objects.bulk_create([event for event, _private in made])
    AuditPrivate.objects.bulk_create([private for _event, private in made if private])


def _write_words(some: list[Record]) -> None:
    for record in some:
        words.write(record.entry())


def _finish(
    source: Source, index: Index, stand: Import, told: Told, by: audit.Actor | None
) -> None:
    """Let the log go on where it ended; the heads that were signed elsewhere lie beside ours."""
    events.bring({name: source.open(path).read() for path, name in checking.heads_files(index)})
    with audit.transaction():
        _go_on_numbering()
        AuditHead.objects.bulk_create(_heads())
        stand.done_at = timezone.now()
        stand.save()
        facts = {**checking.summary(told), "account": getpass.getuser()}
        audit.append(
            "archive.imported", subject="archive", by=by, stream=events.STREAM, facts=facts
        )


def _heads() -> Iterator[AuditHead]:
    last = AuditEvent.objects.order_by().values("stream").annotate(number=Max("number"))
    for each in last:
        event = AuditEvent.objects.get(stream=each["stream"], number=each["number"])
        yield AuditHead(stream=event.stream, number=event.number, hash=event.hash)


def _go_on_numbering() -> None:
    """PostgreSQL gives numbers from a counter that knows nothing of rows that brought their own."""
    models: list[type[Model]] = [AuditEvent, *(table.model for table in tables.EVERYTHING)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)

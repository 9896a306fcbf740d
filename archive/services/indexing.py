"""Making the index of the search anew while people search, and checking that it says what is so.

Records are taken in the order of their ids, some in each transaction, so that it can be ended at
any moment and goes on where it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from archive.models import Record, RecordCertificate, RecordEvent, RecordFile
from archive.models.records import SEALED
from archive.search import index
from archive.search.index import Table

BATCH = 500  # records


@dataclass(frozen=True)
class Finding:
    """A record of which the index says something else than the record does."""

    record: int
    reason: str  # "missing" | "gone" | "differs"


def build() -> Iterator[int]:
    """Make a new index beside the one that answers and put it in its place.

    Yields after each batch up to which record it has come.
    """
    if Table.NEXT not in index.tables():
        with transaction.atomic():
            index.create(Table.NEXT)
    done = index.last(Table.NEXT)
    while some := _add(done):
        done = some[-1].pk
        yield done
    index.complete(Table.NEXT)
    _put_in_place()


def check() -> Iterator[Finding]:
    """Compare every record with what the index says of it."""
    table = index.answering()
    if table is None:
        return
    strangers = index.strangers(table)
    yield from (Finding(record, "missing") for record in strangers.missing)
    yield from (Finding(record, "gone") for record in strangers.gone)
    done = 0
    while some := list(_entries().filter(pk__gt=done).order_by("pk")[:BATCH]):
        first, done = some[0].pk, some[-1].pk
        said = {entry.record: entry for entry in index.between(table, first, done)}
        for record in some:
            if said.get(record.pk, record.entry()) != record.entry():
                yield Finding(record.pk, "differs")


def _add(done: int) -> list[Record]:
    """Add the next records, locked: who changes one meanwhile waits, and then changes both."""
    with transaction.atomic():
        following = _entries().filter(pk__gt=done).order_by("pk")
        some = list(following.select_for_update(no_key=True)[:BATCH])
        index.insert(Table.NEXT, [record.entry() for record in some])
    return some


def _put_in_place() -> None:
    """Add who came meanwhile, with nobody else writing, and let the new index answer."""
    with transaction.atomic():
        index.alone()
        strangers = index.strangers(Table.NEXT)
        late = _entries().filter(pk__in=strangers.missing)
        index.insert(Table.NEXT, [record.entry() for record in late])
        for record in strangers.gone:
            index.remove(record)
        index.serve_next()


def _entries() -> QuerySet[Record]:
    """Return records with what the index takes of them, and nothing that would be unsealed."""
    parts = {
        "certificates": RecordCertificate.objects.only(
            *("record", "serial", "renews", "valid_from", "valid_until")
        ),
        "files": RecordFile.objects.only("record", "kind"),
        "events": RecordEvent.objects.only("record", "kind", "note").filter(
            kind=RecordEvent.Kind.CASE
        ),
    }
    fetched = (Prefetch(name, some.order_by("pk")) for name, some in parts.items())
    return Record.objects.defer(*SEALED).prefetch_related(*fetched)

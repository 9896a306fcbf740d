"""The payload of a bag: a folder for each record, an index for people, tables, the audit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from archive import chain, spreadsheets, store
from archive.bag.folder import Folder
from archive.models import Record
from archive.services.log import slices
from archive.services.moving import events, folders, names, pages, reach, rows, tables
from archive.services.moving.folders import Piece

_AT_ONCE = 200
_MISSING = "missing.csv"
_MISSING_TITLES = ("file", "sha256", "reason")
TABLES = "tables"


@dataclass
class Written:
    """What has come into the bag, and which files the store could not give."""

    records: int = 0
    missing: list[tuple[str, str, str]] = field(default_factory=list)  # name, SHA-256, reason


def write(bag: Folder, chosen: "QuerySet[Record]", *, everything: bool) -> Written:
    """Write the payload; files that are missing or damaged are listed in it and do not stop it."""
    done = Written()
    trees = None if everything else slices.Trees.read()
    for some in _batches(chosen):
        for whole in folders.owned(some):
            for piece in folders.pieces(whole):
                _put(bag, piece, done)
        if trees:
            _audit_of(bag, some, trees)
        done.records += len(some)
    _write_index(bag, chosen)
    _write_tables(bag, chosen, done, everything=everything)
    if everything:
        _write_audit(bag)
    _write_missing(bag, done)
    return done


def _batches(chosen: "QuerySet[Record]") -> Iterator[list[Record]]:
    each = chosen.iterator(chunk_size=_AT_ONCE)
    while some := list(islice(each, _AT_ONCE)):
        yield some


def _put(bag: Folder, piece: Piece, done: Written) -> None:
    if not piece.sha256:
        bag.put(piece.name, piece.data)
        return
    try:
        bag.stream(piece.name, piece.sha256, lambda: _stored(piece.sha256))
    except store.StoreError as fault:
        done.missing.append((piece.name, piece.sha256, type(fault).__name__))


def _stored(sha256: str) -> Iterable[bytes]:
    return store.opened(sha256).read()


def _audit_of(bag: Folder, some: list[Record], trees: slices.Trees) -> None:
    """Write what the audit says of each record, with the proof that it lies in the signed log."""
    owners = {number: one.pk for one in some for number in (one.file_number, one.case_number)}
    told, _lines_of_heads = slices.of(Q(subject__in=owners), trees)
    own: dict[int, list[Any]] = defaultdict(list)
    for each in told:
        own[owners[each["event"]["subject"]]].append(each)
    for record in some:
        name = f"{folders.RECORDS}/{names.of_record(record)}/audit.json"
        bag.put(name, chain.canonical(own[record.pk]) + b"\n")


def _write_index(bag: Folder, chosen: "QuerySet[Record]") -> None:
    alphabetical = chosen.order_by("sort_key", "pk")
    for name, page in pages.index(alphabetical):
        bag.put(name, page)
    bag.grow("records.csv", spreadsheets.as_csv(pages.column_titles(), _rows(alphabetical)))


def _rows(chosen: "QuerySet[Record]") -> Iterator[list[str]]:
    for record in chosen.iterator(chunk_size=_AT_ONCE):
        yield [*pages.cells(record), names.of_record(record)]


def _write_tables(
    bag: Folder, chosen: "QuerySet[Record]", done: Written, *, everything: bool
) -> None:
    """Write the rows of every table; of a selection those that belong to it or are named."""
    found = reach.all_rows() if everything else reach.of(chosen)
    for table in tables.EVERYTHING:
        some = found[table.name].order_by("pk")
        bag.grow(f"{TABLES}/{table.name}.jsonl", _lines(table, some))
        if not table.record:
            _write_files(bag, table, some, done)


def _lines(table: tables.Table, some: "QuerySet[Any]") -> Iterator[bytes]:
    for row in some.iterator(chunk_size=2000):
        yield chain.canonical(rows.encode(table, row)) + b"\n"


def _write_files(bag: Folder, table: tables.Table, some: "QuerySet[Any]", done: Written) -> None:
    """Write the files of rows that belong to no record."""
    for row in some.select_related(*table.joined).iterator(chunk_size=_AT_ONCE):
        for each in table.files(row):
            name = f"documents/{table.name}/{row.pk}/{each.name}"
            _put(bag, Piece(name, sha256=each.sha256), done)


def _write_audit(bag: Folder) -> None:
    for name, lines in events.streams():
        bag.grow(name, lines)


def _write_missing(bag: Folder, done: Written) -> None:
    if done.missing:
        bag.put(_MISSING, b"".join(spreadsheets.as_csv(_MISSING_TITLES, done.missing)))

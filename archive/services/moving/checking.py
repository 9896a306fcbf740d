"""Is this bag an archive that can be brought in: everything is checked before a row is written."""

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from archive import chain
from archive.bag import reading, tags
from archive.bag.reading import Fault, Index
from archive.bag.sources import Source
from archive.services.log import heads
from archive.services.moving import events, exports, rows, tables
from archive.services.moving.contents import TABLES

STREAMS = "data/audit/streams"
HEADS = "data/audit/heads"
MISSING = "data/missing.csv"
_HEADS_FILE = re.compile(rf"{HEADS}/(\d{{1,4}}/[A-Za-z0-9._-]+)")


@dataclass(frozen=True)
class Told:
    """What a bag says of itself, once it was checked."""

    bag: str  # SHA-256 of its tag manifest
    everything: bool
    records: int
    known_key: bool  # the signature was checked with a key from elsewhere
    missing: tuple[str, ...]  # SHA-256 of files that were missing already when it was written


@dataclass
class _Keys:
    """Which rows there are, on disk rather than in memory."""

    found: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(""))

    def __post_init__(self) -> None:
        self.found.execute("CREATE TABLE row (model, pk, PRIMARY KEY (model, pk)) WITHOUT ROWID")

    def add(self, table: tables.Table, pk: object) -> bool:
        said = "INSERT OR IGNORE INTO row VALUES (?, ?)"
        return self.found.execute(said, (table.name, str(pk))).rowcount == 1

    def has(self, model: Any, pk: object) -> bool:
        said = "SELECT 1 FROM row WHERE model = ? AND pk = ?"
        name = model._meta.model_name  # noqa: SLF001 - documented by Django
        return self.found.execute(said, (name, str(pk))).fetchone() is not None


def told(source: Source, index: Index, known_key: bytes | None) -> Told:
    """Return what the bag says of itself; `index` knows its files."""
    said = reading.info(source)
    with source.open(tags.TAGS) as file:
        bag = reading.digest(file)
    return Told(
        bag,
        said.get("Overa-Export") == "everything",
        int(said.get("Overa-Records", "0")),
        known_key is not None,
        tuple(_missing(source, index)),
    )


def faults(source: Source, index: Index, known_key: bytes | None) -> Iterator[Fault]:
    """Yield what is wrong with a bag; where its bytes are not sound nothing more is asked of it."""
    sound = True
    for each in (*reading.faults(source, index), *_signature(source, known_key)):
        sound = False
        yield each
    if not sound:
        return
    if reading.info(source).get("Overa-Export-Version") != exports.VERSION:
        yield Fault("export-version", tags.INFO)
        return
    yield from _rows(source, index)
    for stream in index.below(STREAMS):
        yield from _stream(source, stream)


def lines(source: Source, name: str) -> Iterator[bytes]:
    with source.open(name) as file:
        yield from file


def table_file(table: tables.Table) -> str:
    return f"data/{TABLES}/{table.name}.jsonl"


def heads_files(index: Index) -> Iterator[tuple[str, str]]:
    """Yield each file of signed heads: its path in the bag, `<number>/<name>`."""
    for path in index.below(HEADS):
        if found := _HEADS_FILE.fullmatch(path):
            yield path, found[1]


def _signature(source: Source, known_key: bytes | None) -> Iterator[Fault]:
    pem = known_key if known_key is not None else _read(source, heads.PUBLIC_KEY)
    try:
        _key(pem).verify(_read(source, tags.SIGNATURE), _read(source, tags.TAGS))
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        yield Fault("signature", tags.SIGNATURE)


def _key(pem: bytes) -> Ed25519PublicKey:
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError
    return key


def _read(source: Source, name: str) -> bytes:
    if source.size(name) is None:
        return b""
    with source.open(name) as file:
        return file.read()


def _missing(source: Source, index: Index) -> Iterator[str]:
    if index.has(MISSING):
        said = csv.DictReader(io.StringIO(_read(source, MISSING).decode()), delimiter=";")
        yield from (each["sha256"] for each in said)


def _rows(source: Source, index: Index) -> Iterator[Fault]:
    """Check that every row fits its table, names rows that are there and files that are there."""
    keys, missing = _Keys(), set(_missing(source, index))
    known = {table_file(table): table for table in tables.EVERYTHING}
    for name, table in known.items():
        yield from _table(source, name, table, _Found(index, keys, missing))
    strange = (name for name in index.below(f"data/{TABLES}") if name not in known)
    yield from (Fault("table-unknown", name) for name in strange)


@dataclass(frozen=True)
class _Found:
    """What a row may name."""

    index: Index
    keys: _Keys
    missing: set[str]


def _table(source: Source, name: str, table: tables.Table, found: _Found) -> Iterator[Fault]:
    if not found.index.has(name):
        yield Fault("table", name)
        return
    sound = True
    for place, line in _numbered(source, name):
        for fault in _row(table, line, place, found.keys):
            sound = False
            yield fault
    if sound:
        yield from _names(source, table, found)


def _names(source: Source, table: tables.Table, found: _Found) -> Iterator[Fault]:
    """Check what the rows of a table name; of the same table it may stand further down."""
    for place, line in _numbered(source, table_file(table)):
        yield from _references(table, line, place, found)
        yield from _files(table, line, place, found)


def _numbered(source: Source, name: str) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(lines(source, name), 1):
        yield f"{name}:{number}", line


def _row(table: tables.Table, line: bytes, place: str, keys: _Keys) -> Iterator[Fault]:
    try:
        row = rows.decode(table, rows.read(line))
    except rows.RowError as fault:
        yield Fault(f"column-{fault.reason}", f"{place} {fault.column}")
        return
    if row.pk is None or not keys.add(table, row.pk):
        yield Fault("row-twice", place)


def _references(table: tables.Table, line: bytes, place: str, found: _Found) -> Iterator[Fault]:
    columns = list(rows.references(table))
    told = rows.read(line) if columns else {}
    for each in columns:
        target = told.get(each.attname)
        if target is not None and not found.keys.has(each.related_model, target):
            yield Fault("reference", f"{place} {each.attname}")


def _files(table: tables.Table, line: bytes, place: str, found: _Found) -> Iterator[Fault]:
    """Check that the bag holds what the row's columns of addresses name."""
    columns = list(rows.addresses(table))
    told = rows.read(line) if columns else {}
    for column in columns:
        sha256 = told.get(column)
        if not sha256 or sha256 in found.missing:
            continue
        if found.index.holding(str(sha256)) is None:
            yield Fault("file", f"{place} {column}")


def _stream(source: Source, name: str) -> Iterator[Fault]:
    """Check a stream of the audit: its lines, its chain, what its events committed to."""
    broken: list[Fault] = []
    for one in chain.breaks(_links(source, name, broken)):
        yield Fault(f"chain-{one.reason}", f"{name}:{one.number}")
    yield from broken


def _links(source: Source, name: str, broken: list[Fault]) -> Iterator[chain.Link]:
    for number, line in enumerate(lines(source, name), 1):
        try:
            event, private = events.read(json.loads(line))
            holds = events.kept(event, private)
            link = event.link()
        except (KeyError, TypeError, ValueError, RecursionError):
            broken.append(Fault("event", f"{name}:{number}"))
            return
        if not holds:
            broken.append(Fault("private", f"{name}:{number}"))
        yield link


def summary(found: Told) -> Mapping[str, object]:
    """Return what the log is told of a bag."""
    return {
        "bag": found.bag,
        "everything": found.everything,
        "records": found.records,
        "known_key": found.known_key,
    }

"""A record's folder: its files under names for people, its rows, its page."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db.models import F, QuerySet

from archive import chain, store
from archive.models import Record
from archive.services.moving import names, pages, rows, tables

RECORDS = "records"
_CERTIFICATE = "application/pkix-cert"


@dataclass(frozen=True)
class Piece:
    """A file of the payload: bytes, or a file of the store by its SHA-256."""

    name: str
    data: bytes = b""
    sha256: str = ""


@dataclass
class Owned:
    """A record with the rows that belong to it, by table."""

    record: Record
    rows: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def files(self) -> dict[str, tables.File]:
        """Return the files that its rows name; what would have the same name gets a number."""
        found: dict[str, tables.File] = {}
        for table in tables.OF_RECORD:
            for row in self.rows[table.name]:
                for each in table.files(row):
                    found[_free(each.name, found)] = each
        return found


def owned(records: Sequence[Record]) -> list[Owned]:
    """Read what belongs to some records with one question for each table."""
    found = {record.pk: Owned(record) for record in records}
    for table in tables.OF_RECORD:
        for row in _of(table).filter(**{f"{table.record}__in": list(found)}):
            found[row.record_of].rows[table.name].append(row)
    return list(found.values())


def pieces(whole: Owned) -> Iterator[Piece]:
    """Yield the files of a record's folder."""
    folder = f"{RECORDS}/{names.of_record(whole.record)}"
    files = whole.files()
    for name, each in files.items():
        yield Piece(f"{folder}/{name}", sha256=each.sha256)
        if each.media_type == _CERTIFICATE and (pem := _pem(each.sha256)):
            yield Piece(f"{folder}/{PurePosixPath(name).with_suffix('.pem')}", pem)
    yield Piece(f"{folder}/record.json", _json(whole, files))
    yield Piece(f"{folder}/record.html", pages.record(whole.record, whole.rows, files))


def _of(table: tables.Table) -> "QuerySet[Any]":
    shown = table.model._base_manager.select_related(*table.joined)  # noqa: SLF001 - also what is hidden
    found: QuerySet[Any] = shown.annotate(record_of=F(f"{table.record}_id")).order_by("pk")
    return found


def _free(name: str, taken: dict[str, tables.File]) -> str:
    path, number = PurePosixPath(name), 1
    while name in taken:
        number += 1
        name = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
    return name


def _pem(sha256: str) -> bytes:
    """Return the certificate as text; nothing where the store has it no more, which is told."""
    try:
        return x509.load_der_x509_certificate(store.get(sha256)).public_bytes(Encoding.PEM)
    except (store.StoreError, ValueError):
        return b""


def _json(whole: Owned, files: dict[str, tables.File]) -> bytes:
    told = {
        "record": rows.encode(tables.RECORD, whole.record),
        "tables": {
            table.name: [rows.encode(table, row) for row in whole.rows[table.name]]
            for table in tables.OF_RECORD
        },
        "files": [
            {"name": name, "sha256": each.sha256, "media_type": each.media_type}
            for name, each in files.items()
        ],
    }
    return chain.canonical(told) + b"\n"

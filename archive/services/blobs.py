"""Removing files of the store that no record names any more."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from archive import store
from archive.models import DisposalDocument, RecordCertificate, RecordFile
from archive.services import audit


def drop(addresses: Iterable[str], *, by: audit.Actor | None) -> None:
    """Remove, once the transaction is over, the files that no row names."""
    for address in sorted(set(addresses)):
        if not _named(address):
            audit.append("file.dropped", subject=address, by=by)
            transaction.on_commit(partial(store.remove, address))


def _named(address: str) -> bool:
    tables = (RecordFile, RecordCertificate, DisposalDocument)
    return any(table.objects.filter(sha256=address).exists() for table in tables)

"""Where sealed files lie: a folder, or a bucket of a server that speaks S3."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage.handler import StorageHandler

from archive.store.bucket import Bucket
from archive.store.folder import Folder
from archive.store.place import Place


def main() -> Place:
    return _of(settings.OVERA["FILES"])


def replica() -> Place | None:
    """Return where every file lies once more, if anywhere."""
    where = settings.OVERA.get("REPLICA")
    return _of(where) if where else None


def _of(where: object) -> Place:
    """Return the place that a setting names: a folder, or the options of a bucket."""
    if isinstance(where, Mapping):
        return _bucket(tuple(sorted(where.items())))
    return Folder(Path(str(where)))


@functools.cache
def _bucket(options: tuple[tuple[str, object], ...]) -> Bucket:
    backend: Any = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": dict(options)}
    return Bucket(StorageHandler({"bucket": backend})["bucket"])

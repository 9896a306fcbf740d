"""Where sealed files lie: a folder, or a bucket of a server that speaks S3."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.config import Config
from django.conf import settings
from django.core.files.storage.handler import StorageHandler

from archive.store.bucket import Bucket
from archive.store.folder import Folder
from archive.store.place import Place

_SECONDS = 20  # after which a server does not answer


def main() -> Place:
    return _of(settings.OVERA["FILES"])


def replica() -> Place | None:
    """Return where every file lies once more, if anywhere."""
    where = settings.OVERA.get("REPLICA")
    return _of(where, made=False) if where else None


def _of(where: object, *, made: bool = True) -> Place:
    """Return the place that a setting names: a folder, or the options of a bucket."""
    if isinstance(where, Mapping):
        return _bucket(tuple(sorted(where.items())))
    return Folder(Path(str(where)), made)


@functools.cache
def _bucket(options: tuple[tuple[str, object], ...]) -> Bucket:
    config = Config(
        connect_timeout=_SECONDS,
        read_timeout=_SECONDS,
        retries={"max_attempts": 2},
        s3={"addressing_style": "path"},
        # As the standard had it before 2025: not every server knows what came then.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    backend: Any = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"client_config": config, **dict(options)},
    }
    return Bucket(StorageHandler({"bucket": backend})["bucket"])

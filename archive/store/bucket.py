"""Sealed files in a bucket of a server that speaks S3, by django-storages.

A file of S3 is there whole or not at all, and durable when the server has said so.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, cast

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File

from archive.store.errors import PlaceError
from archive.store.place import Files, Found

_IN_MEMORY = 8 * 1024 * 1024  # bytes of a file that is sent; what is larger waits on disk
_GONE = {"404", "NoSuchKey", "NotFound"}


@dataclass(frozen=True)
class Bucket:
    """A bucket, or a folder of it."""

    storage: Any  # storages.backends.s3.S3Storage

    def write(self, files: Files) -> None:
        for name, pieces in files.items():
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file, _answers():
                file.writelines(pieces)
                file.seek(0)
                self.storage.save(name, File(file, name))

    def open(self, name: str, start: int = 0) -> IO[bytes]:
        with _answers(name):
            wanted = {"Range": f"bytes={start}-"} if start else {}
            return cast("IO[bytes]", _Body(self._object(name).get(**wanted)["Body"]))

    def size(self, name: str) -> int:
        with _answers(name):
            return int(self._object(name).content_length)

    def delete(self, prefix: str) -> None:
        with _answers():
            for each in self.storage.bucket.objects.filter(Prefix=self._key(prefix)):
                each.delete()

    def names(self, after: str = "") -> Iterator[Found]:
        at = len(self._key(""))
        marker = {"Marker": self._key(after)} if after else {}
        with _answers():
            for each in self.storage.bucket.objects.filter(Prefix=self._key(""), **marker):
                yield Found(each.key[at:], each.last_modified)

    def tidy(self, before: datetime) -> None:
        """Nothing to do: what was not sent to its end is no file there."""

    def _object(self, name: str) -> Any:
        return self.storage.bucket.Object(self._key(name))

    def _key(self, name: str) -> str:
        location = self.storage.location.strip("/")
        return f"{location}/{name}" if location else name


@dataclass(frozen=True)
class _Body:
    """What the server sends; its going away is an error of the place, not of the file."""

    stream: Any

    def read(self, length: int | None = None) -> bytes:
        with _answers():
            return bytes(self.stream.read(length))

    def close(self) -> None:
        self.stream.close()


@contextmanager
def _answers(name: str = "") -> Iterator[None]:
    """Tell a file that is not there from a server that does not answer."""
    try:
        yield
    except ClientError as fault:
        if name and fault.response["Error"]["Code"] in _GONE:
            raise FileNotFoundError(name) from fault
        raise PlaceError(str(fault)) from fault
    except BotoCoreError as fault:
        raise PlaceError(str(fault)) from fault

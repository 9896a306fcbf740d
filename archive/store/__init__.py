"""Files of the archive by the SHA-256 of their content, each sealed under a key of its own.

A file lies under `ab/abcd…`, its key beside it under `ab/abcd….<id of the key>`, sealed by the data
key: a new data key means new small files, the large ones stay as they are.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings

from archive.store import places, sealed, sealing
from archive.store.errors import (
    AddressError,
    FileDamagedError,
    FileMissingError,
    PlaceError,
    StoreError,
)
from archive.store.place import Place
from archive.store.sealed import Opened

__all__ = [
    "AddressError",
    "FileDamagedError",
    "FileMissingError",
    "Opened",
    "PlaceError",
    "StoreError",
]


def put(data: bytes | Iterable[bytes]) -> str:
    """Store bytes, or pieces that come, and return their address; then they are durable.

    The caller writes its row afterwards: a row never names a file that is not there.
    """
    if not isinstance(data, bytes):
        return _put_pieces(data)
    sha256, place = address(data), places.main()
    if not _holds(place, sha256):
        key = sealing.FileKey.new()
        sealed.write(place, sha256, key, sealing.seal(key, [data]))
    return sha256


def get(sha256: str) -> bytes:
    """Return the bytes of an address. Raises FileMissingError, FileDamagedError."""
    data = b"".join(opened(sha256).read())
    if address(data) != sha256:
        raise FileDamagedError(sha256)
    return data


def opened(sha256: str) -> Opened:
    """Open a file to read it, or a part of it, piece by piece. Raises as `get`."""
    return sealed.opened(places.main(), sha256)


def address(data: bytes) -> str:
    """Return where `data` lies, or would lie, in the store."""
    return hashlib.sha256(data).hexdigest()


def exists(sha256: str) -> bool:
    """Tell whether a file lies under this address; only `get` says whether it is whole."""
    return sealed.exists(places.main(), sha256)


def delete(sha256: str) -> None:
    """Destroy a file, its key and its replica; what is gone stays gone.

    Only `archive.services.files.blobs` calls this: it knows whether a row still names the file.
    """
    for place in (places.main(), places.replica()):
        if place:
            place.delete(sealed.path(sha256))


def tidy(*, before: datetime) -> None:
    """Remove what killed processes had begun to write before a moment."""
    places.main().tidy(before)


def _put_pieces(pieces: Iterable[bytes]) -> str:
    """Seal what comes into a file without a name, then store it: memory holds one piece."""
    key, digest, place = sealing.FileKey.new(), hashlib.sha256(), places.main()

    def counted() -> Iterator[bytes]:
        for piece in pieces:
            digest.update(piece)
            yield piece

    with tempfile.TemporaryFile(dir=_spool()) as file:
        file.writelines(sealing.seal(key, counted()))
        file.seek(0)
        sha256 = digest.hexdigest()
        if not _holds(place, sha256):
            sealed.write(place, sha256, key, _chunks(file))
    return sha256


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(sealing.PIECE):
        yield chunk


def _holds(place: Place, sha256: str) -> bool:
    """Tell whether the file is there and whole: putting a damaged one again repairs it."""
    try:
        sealed.verify(place, sha256)
    except (FileMissingError, FileDamagedError):
        return False
    return True


def _spool() -> Path:
    folder = Path(str(settings.OVERA["SPOOL"]))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder

"""Large files on their way in: sealed in pieces on disk, opened for as long as they are read."""

import hashlib
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.db import transaction

from archive import errors, keyfile, vault

_PIECE = 4 * 1024 * 1024  # bytes that are sealed at once: memory stays small
_LENGTH = 4  # bytes that tell a sealed piece's length


class SpooledFileMissingError(errors.ArchiveError):
    """No file of this name is in the spool any more."""


@dataclass(frozen=True)
class Spooled:
    """A file in the spool: its name there, SHA-256 (hexadecimal) and size in bytes."""

    name: str
    sha256: str
    size: int


def put(pieces: Iterable[bytes]) -> Spooled:
    """Seal what comes, piece by piece; when it returns, the bytes are on disk."""
    name, digest, size = uuid.uuid4().hex, hashlib.sha256(), 0
    folder = _folder()
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            for number, piece in enumerate(_cut(pieces)):
                digest.update(piece)
                size += len(piece)
                sealed = vault.seal(piece, _about(name, number))
                file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(folder / name)
    finally:
        Path(draft).unlink(missing_ok=True)
    keyfile.sync_folder(folder)
    return Spooled(name, digest.hexdigest(), size)


@contextmanager
def opened(name: str) -> Iterator[Path]:
    """Give a file's bytes in the clear, in a file without a name: a killed process leaves none."""
    with unnamed() as file:
        for piece in _pieces(name):
            file.write(piece)
        file.flush()
        yield Path(f"/proc/self/fd/{file.fileno()}")


def unnamed() -> IO[bytes]:
    """Return a new empty file on the spool's disk that no folder shows."""
    return cast("IO[bytes]", tempfile.TemporaryFile(dir=_folder()))


def names(before: datetime) -> Iterator[str]:
    """Yield the files that came before a moment; drafts of killed processes among them."""
    for path in _folder().iterdir():
        if path.stat().st_mtime < before.timestamp():
            yield path.name


def exists(name: str) -> bool:
    return (_folder() / name).exists()


def destroy(name: str) -> None:
    """Remove a file once the transaction is over; one that is gone stays gone."""
    transaction.on_commit(lambda: (_folder() / name).unlink(missing_ok=True))


def _cut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces of one size, the last one smaller."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= _PIECE:
            yield bytes(held[:_PIECE])
            del held[:_PIECE]
    if held:
        yield bytes(held)


def _pieces(name: str) -> Iterator[bytes]:
    try:
        file = (_folder() / name).open("rb")
    except FileNotFoundError as error:
        raise SpooledFileMissingError(name) from error
    with file:
        number = 0
        while length := file.read(_LENGTH):
            sealed = file.read(int.from_bytes(length, "big"))
            yield vault.open_(sealed, _about(name, number))
            number += 1


def _about(name: str, number: int) -> str:
    """Bind a piece to its file and place: none can be left out in the middle, none exchanged."""
    return f"spool:{name}:{number}"


def _folder() -> Path:
    folder = Path(str(settings.OVERA["SPOOL"]))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder

"""Files of the archive by the SHA-256 of their content, sealed on disk."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from archive import errors, keyfile, vault
from archive.addresses import ADDRESS

_DRAFT = ".draft-"


class StoreError(errors.ArchiveError):
    """Root of what can go wrong with a stored file."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"{type(self).__name__}: {sha256}")
        self.sha256 = sha256


class FileMissingError(StoreError):
    """No file of this address is stored."""


class FileDamagedError(StoreError):
    """What is stored under this address is not what was put there."""


class AddressError(StoreError):
    """An address that is no SHA-256 (64 lower-case hex digits)."""


def put(data: bytes) -> str:
    """Store `data` and return its address; when it returns, the bytes are on disk.

    The caller writes its row afterwards: a row never names a file that is not there.
    """
    sha256 = address(data)
    path = _path(sha256)
    if not _holds(path, sha256):
        _write(path, vault.seal(data, _about(sha256)))
    return sha256


def get(sha256: str) -> bytes:
    """Return the bytes of an address. Raises FileMissingError, FileDamagedError."""
    try:
        sealed = _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise FileMissingError(sha256) from error
    try:
        data = vault.open_(sealed, _about(sha256))
    except vault.VaultError as error:
        raise FileDamagedError(sha256) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileDamagedError(sha256)
    return data


def address(data: bytes) -> str:
    """Return where `data` lies, or would lie, in the store."""
    return hashlib.sha256(data).hexdigest()


def exists(sha256: str) -> bool:
    """Tell whether a file lies under this address; only `get` says whether it is whole."""
    return _path(sha256).exists()


def delete(sha256: str) -> None:
    """Destroy the file of an address; one that is gone stays gone.

    Only `archive.services.blobs` calls this: it knows whether a row still names the file.
    """
    path = _path(sha256)
    path.unlink(missing_ok=True)
    if path.parent.exists():
        keyfile.sync_folder(path.parent)


def batches(*, before: datetime) -> Iterator[list[str]]:
    """Yield the addresses of files that came before a moment, folder by folder."""
    for folder in _folders():
        old = [path for path in _older(folder, before) if ADDRESS.fullmatch(path.name)]
        yield [path.name for path in old]


def tidy(*, before: datetime) -> None:
    """Remove what killed processes had begun to write before a moment."""
    for folder in _folders():
        for path in _older(folder, before):
            if path.name.startswith(_DRAFT):
                path.unlink(missing_ok=True)


def _folders() -> Iterator[Path]:
    root = Path(str(settings.OVERA["FILES"]))
    yield from sorted(root.glob("[0-9a-f][0-9a-f]"))


def _older(folder: Path, before: datetime) -> Iterator[Path]:
    for path in folder.iterdir():
        try:
            written = path.stat().st_mtime
        except FileNotFoundError:
            continue
        if written < before.timestamp():
            yield path


def _holds(path: Path, sha256: str) -> bool:
    """Tell whether the file is there and whole: putting a damaged one again repairs it."""
    if not path.exists():
        return False
    try:
        get(sha256)
    except FileDamagedError:
        return False
    return True


def _write(path: Path, sealed: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    keyfile.sync_folder(path.parent)
    keyfile.sync_folder(path.parent.parent)


def _path(sha256: str) -> Path:
    if not ADDRESS.fullmatch(sha256):
        raise AddressError(sha256)
    return Path(str(settings.OVERA["FILES"])) / sha256[:2] / sha256


def _about(sha256: str) -> str:
    return f"file:{sha256}"

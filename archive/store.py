"""Files of the archive by the SHA-256 of their content, sealed on disk."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings

from archive import errors, keyfile, vault


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


def remove(sha256: str) -> None:
    """Remove a file; one that is gone stays gone."""
    _path(sha256).unlink(missing_ok=True)


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
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
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
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise AddressError(sha256)
    return Path(str(settings.OVERA["FILES"])) / sha256[:2] / sha256


def _about(sha256: str) -> str:
    return f"file:{sha256}"

"""A bag that grows as a folder, file by file; begun again, it keeps what is there and whole."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from archive import errors
from archive.bag import tags

_PIECE = 1024 * 1024
_GROWING = ".manifest"  # of this run; the bag has none before it is whole


class FolderTakenError(errors.ArchiveError):
    """The folder holds something else, a whole bag, or another program writes into it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason  # "foreign" | "whole" | "busy"


@dataclass
class Folder:
    """A bag on its way; `size` and `count` are those of the payload so far."""

    path: Path
    manifest: IO[bytes]
    began: int  # nanoseconds, as the folder's file system counts them
    size: int = 0
    count: int = 0
    kept: int = 0  # files that an earlier run had written

    def put(self, name: str, data: bytes) -> None:
        """Write a file of the payload, unless it is there already."""
        self.stream(name, hashlib.sha256(data).hexdigest(), lambda: (data,))

    def stream(self, name: str, sha256: str, pieces: Callable[[], Iterable[bytes]]) -> None:
        """Write a file of the payload whose hash is known; `pieces` is asked only if it must be."""
        path = self.path / "data" / name
        if _whole(path, sha256):
            os.utime(path)  # else it would be swept away as one that this run did not name
            self.kept += 1
        else:
            _write(path, pieces())
        self._list(name, path, sha256)

    def grow(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file of the payload as it comes, its hash known at the end only."""
        path = self.path / "data" / name
        _write(path, pieces)
        self._list(name, path, digest(path))

    def close(
        self,
        beside: Mapping[str, bytes],
        info: Mapping[str, str],
        made_at: datetime,
        sign: Callable[[bytes], bytes],
    ) -> None:
        """Remove what an earlier run left and this one did not name; write the tags, sign them."""
        self.manifest.flush()
        _sweep(self.path / "data", self.began)
        _write(self.path / tags.MANIFEST, _read(self.path / _GROWING))
        told = {
            tags.DECLARATION: tags.BAGIT,
            tags.INFO: tags.info(info, made_at, self.size, self.count),
            **beside,
        }
        for name, data in told.items():
            _write(self.path / name, (data,))
        listed = tags.listed({name: digest(self.path / name) for name in (*told, tags.MANIFEST)})
        _write(self.path / tags.SIGNATURE, (sign(listed),))
        (self.path / _GROWING).unlink()
        os.sync()
        _write(self.path / tags.TAGS, (listed,))
        os.sync()

    def _list(self, name: str, path: Path, sha256: str) -> None:
        self.size += path.stat().st_size
        self.count += 1
        self.manifest.write(tags.line(sha256, f"data/{name}"))


@contextmanager
def begun(path: Path) -> Iterator[Folder]:
    """Begin a bag, or go on with one that was interrupted; for the owner's eyes only.

    Raises FolderTakenError.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(path):
        _check(path)
        path.chmod(0o700)
        growing = path / _GROWING
        growing.unlink(missing_ok=True)
        with growing.open("wb") as manifest:
            yield Folder(path, manifest, growing.stat().st_mtime_ns)


def whole(path: Path) -> bool:
    """Tell whether a bag was finished there; nothing is said of what became of it since."""
    return (path / tags.TAGS).exists()


def reopen(path: Path) -> None:
    """Let a bag that was finished be written once more; what is in it will be kept."""
    (path / tags.TAGS).unlink(missing_ok=True)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other programs out of a folder, those that ask. Raises FolderTakenError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise FolderTakenError(path, "busy") from error
    finally:
        os.close(descriptor)


def _check(path: Path) -> None:
    if whole(path):
        raise FolderTakenError(path, "whole")
    ours = {"data", _GROWING, tags.MANIFEST, tags.DECLARATION, tags.INFO, tags.SIGNATURE}
    found = {each.name for each in path.iterdir()}
    if found and not found & {"data", _GROWING} and found - ours:
        raise FolderTakenError(path, "foreign")


def _whole(path: Path, sha256: str) -> bool:
    return path.is_file() and digest(path) == sha256


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write it beside its place and move it there: a killed run leaves no half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _sweep(folder: Path, began: int) -> None:
    """Remove files older than this run, and folders that are empty then."""
    for root, _folders, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(root, name)
            if path.lstat().st_mtime_ns < began:
                path.unlink()
        if Path(root) != folder and not any(Path(root).iterdir()):
            Path(root).rmdir()

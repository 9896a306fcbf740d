"""Sealed files in a folder of this machine."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from archive import keyfile
from archive.store.errors import PlaceError
from archive.store.place import Files, Found

_DRAFTS = ".drafts"


@dataclass(frozen=True)
class Folder:
    """A folder of this machine."""

    root: Path

    def write(self, files: Files) -> None:
        drafts = self._made(self.root / _DRAFTS)
        folder = self._made((self.root / next(iter(files))).parent)
        for name, pieces in files.items():
            _write(self.root / name, pieces, drafts)
        keyfile.sync_folder(folder)

    def open(self, name: str, start: int = 0) -> IO[bytes]:
        with self._there():
            file = (self.root / name).open("rb")
        file.seek(start)
        return file

    def size(self, name: str) -> int:
        with self._there():
            return (self.root / name).stat().st_size

    def delete(self, prefix: str) -> None:
        path = self.root / prefix
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink(missing_ok=True)
        if path.parent.exists():
            keyfile.sync_folder(path.parent)

    def names(self) -> Iterator[Found]:
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(each for each in folders if each != _DRAFTS)
            for file in sorted(files):
                path = Path(folder, file)
                with suppress(FileNotFoundError):
                    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield Found(str(path.relative_to(self.root)), written)

    def tidy(self, before: datetime) -> None:
        for path in (self.root / _DRAFTS).glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()

    @contextmanager
    def _there(self) -> Iterator[None]:
        """Tell a missing file from a disk that is not there; a first file has no folder yet."""
        try:
            yield
        except FileNotFoundError:
            if self.root.parent.exists():
                raise
            raise PlaceError(f"{self.root} is not there") from None

    def _made(self, folder: Path) -> Path:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keyfile.sync_folder(folder.parent)
        return folder


def _write(path: Path, pieces: Iterable[bytes], drafts: Path) -> None:
    descriptor, name = tempfile.mkstemp(dir=drafts)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

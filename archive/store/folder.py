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
    """A folder of this machine; one that is not `made` here must be there, as a disk must."""

    root: Path
    made: bool = True

    def write(self, files: Files) -> None:
        try:
            self._require()
            drafts = _made(self.root / _DRAFTS)
            folder = _made((self.root / next(iter(files))).parent)
            for name, pieces in files.items():
                _write(self.root / name, pieces, drafts)
            keyfile.sync_folder(folder)
        except OSError as fault:
            raise PlaceError(f"{self.root}: {fault.strerror}") from fault

    def open(self, name: str, start: int = 0) -> IO[bytes]:
        with self._there():
            file = (self.root / name).open("rb")
        file.seek(start)
        return file

    def size(self, name: str) -> int:
        with self._there():
            return (self.root / name).stat().st_size

    def delete(self, prefix: str) -> None:
        self._require()
        path = self.root / prefix
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink(missing_ok=True)
        if path.parent.exists():
            keyfile.sync_folder(path.parent)

    def names(self, after: str = "") -> Iterator[Found]:
        self._require()
        done = Path(after).parent.parts, Path(after).name
        for folder, folders, files in os.walk(self.root, onerror=_told):
            inside = Path(folder).relative_to(self.root)
            folders[:] = sorted(
                each
                for each in folders
                if each != _DRAFTS and (inside / each).parts >= done[0][: len(inside.parts) + 1]
            )
            for file in sorted(each for each in files if (inside.parts, each) > done):
                with suppress(FileNotFoundError):
                    written = Path(folder, file).stat().st_mtime
                    yield Found(str(inside / file), datetime.fromtimestamp(written, UTC))

    def tidy(self, before: datetime) -> None:
        for path in (self.root / _DRAFTS).glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()

    @contextmanager
    def _there(self) -> Iterator[None]:
        """Tell a missing file from a disk that is not there."""
        try:
            yield
        except FileNotFoundError:
            self._require()
            raise

    def _require(self) -> None:
        there = self.root.parent if self.made else self.root
        if not there.exists():
            raise PlaceError(f"{there} is not there")


def _told(fault: OSError) -> None:
    """Let a folder that cannot be read stop the walk; one that is gone was emptied meanwhile."""
    if not isinstance(fault, FileNotFoundError):
        raise PlaceError(f"{fault.filename}: {fault.strerror}") from fault


def _made(folder: Path) -> Path:
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

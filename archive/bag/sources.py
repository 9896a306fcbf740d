"""Where the files of a bag lie that somebody brings: in a folder or in a ZIP, never unpacked."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from archive import errors
from archive.bag import tags


class NotABagError(errors.ArchiveError):
    """There is no bag at this place, or none that can be read at all."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason  # "nothing" | "zip" | "folders"


class Source(Protocol):
    """Files below the bag's folder, wherever they lie."""

    def names(self) -> Iterator[str]: ...
    def links(self) -> Iterator[str]: ...
    def size(self, name: str) -> int | None: ...
    def open(self, name: str) -> IO[bytes]: ...


@dataclass(frozen=True)
class _Folder:
    path: Path

    def names(self) -> Iterator[str]:
        for each in self.path.rglob("*"):
            if each.is_file() or each.is_symlink():
                yield each.relative_to(self.path).as_posix()

    def links(self) -> Iterator[str]:
        for each in self.path.rglob("*"):
            if each.is_symlink() or not (each.is_file() or each.is_dir()):
                yield each.relative_to(self.path).as_posix()

    def size(self, name: str) -> int | None:
        path = self.path / name
        return path.stat().st_size if path.is_file() and not path.is_symlink() else None

    def open(self, name: str) -> IO[bytes]:
        return (self.path / name).open("rb")


@dataclass(frozen=True)
class _Zip:
    file: zipfile.ZipFile
    folder: str  # "evidence/"

    def names(self) -> Iterator[str]:
        for each in self.file.infolist():
            if not each.is_dir():
                yield each.filename.removeprefix(self.folder)

    def links(self) -> Iterator[str]:
        for each in self.file.infolist():
            kind = each.external_attr >> 28
            if kind not in (0, 4, 8):  # neither said, nor a folder, nor a plain file
                yield each.filename.removeprefix(self.folder)

    def size(self, name: str) -> int | None:
        try:
            return self.file.getinfo(self.folder + name).file_size
        except KeyError:
            return None

    def open(self, name: str) -> IO[bytes]:
        return self.file.open(self.folder + name)


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a bag: a folder, or a ZIP that holds one folder. Raises NotABagError."""
    if path.is_dir():
        if not (path / tags.DECLARATION).is_file():
            raise NotABagError(path, "nothing")
        yield _Folder(path)
        return
    if not path.is_file():
        raise NotABagError(path, "nothing")
    with _unzipped(path) as file:
        yield _Zip(file, _only_folder(path, file))


@contextmanager
def _unzipped(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise NotABagError(path, "zip") from error
    with file:
        yield file


def _only_folder(path: Path, file: zipfile.ZipFile) -> str:
    found = {name.partition("/")[0] for name in file.namelist()}
    if len(found) != 1 or f"{next(iter(found))}/{tags.DECLARATION}" not in file.namelist():
        raise NotABagError(path, "folders")
    return f"{found.pop()}/"

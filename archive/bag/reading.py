"""Reading a bag that somebody brings: nothing in it is believed before it is checked."""

import hashlib
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from archive.bag import tags
from archive.bag.sources import Source

_PIECE = 1024 * 1024
_LINE = re.compile(rb"([0-9a-f]{64}) [ *](\S.*)")
# What every file system can hold, and no way out of the folder.
_NAME = re.compile(r"(?!.*(^|/)\.{1,2}(/|$))[A-Za-z0-9_~+=,@-][A-Za-z0-9_~+=,@. /-]*")
_VERSIONS = (b"BagIt-Version: 1.0", b"BagIt-Version: 0.97")
_MANY = 100  # faults of one kind that are named; the rest is counted


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file of the bag.

    Reasons: version (of BagIt), manifest (a line that is none), name (leads elsewhere or could not
    be written everywhere), twice, missing, changed, unlisted, link (no plain file), oxum (size and
    number of files differ from what the bag says).
    """

    reason: str
    path: str


class Index:
    """Which file has which hash, on disk rather than in memory."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")  # a file without a name, gone when it is closed
        self._rows.execute("CREATE TABLE file (path TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID")
        self._rows.execute("CREATE INDEX by_hash ON file (sha256)")

    def add(self, path: str, sha256: str) -> bool:
        """Return False where the path is there already."""
        said = "INSERT OR IGNORE INTO file VALUES (?, ?)"
        return self._rows.execute(said, (path, sha256)).rowcount == 1

    def has(self, path: str) -> bool:
        said = "SELECT 1 FROM file WHERE path = ?"
        return self._rows.execute(said, (path,)).fetchone() is not None

    def holding(self, sha256: str) -> str | None:
        """Return where a file with this hash lies."""
        said = "SELECT path FROM file WHERE sha256 = ? LIMIT 1"
        found = self._rows.execute(said, (sha256,)).fetchone()
        return found[0] if found else None

    def below(self, folder: str) -> list[str]:
        """Return the paths below a folder, in their order."""
        said = "SELECT path FROM file WHERE path >= ? AND path < ? ORDER BY path"
        return [path for (path,) in self._rows.execute(said, (f"{folder}/", f"{folder}0"))]

    def close(self) -> None:
        self._rows.close()


def info(source: Source) -> dict[str, str]:
    """Return what `bag-info.txt` says."""
    lines = _text(source, tags.INFO).splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _colon, value in pairs}


def faults(source: Source, index: Index) -> Iterator[Fault]:
    """Check every file against the manifests, which `index` then knows; yield what is wrong."""
    if not _text(source, tags.DECLARATION).encode().startswith(_VERSIONS):
        yield Fault("version", tags.DECLARATION)
    yield from (Fault("link", name) for name in source.links())
    yield from _listed(source, tags.TAGS, Index())
    yield from _listed(source, tags.MANIFEST, index)
    yield from _payload(source, index)


def _listed(source: Source, manifest: str, index: Index) -> Iterator[Fault]:
    """Yield what is wrong with a manifest and with the files that it names."""
    if source.size(manifest) is None:
        yield Fault("missing", manifest)
        return
    with source.open(manifest) as lines:
        for number, line in enumerate(lines, 1):
            found = _LINE.fullmatch(line.rstrip(b"\r\n"))
            if found is None:
                yield Fault("manifest", f"{manifest}:{number}")
                continue
            yield from _file(source, index, found[2].decode(errors="replace"), found[1].decode())


def _file(source: Source, index: Index, name: str, sha256: str) -> Iterator[Fault]:
    if not _NAME.fullmatch(name):
        yield Fault("name", ascii(name).strip("'"))
    elif not index.add(name, sha256):
        yield Fault("twice", name)
    elif source.size(name) is None:
        yield Fault("missing", name)
    elif _digest(source, name) != sha256:
        yield Fault("changed", name)


def _payload(source: Source, index: Index) -> Iterator[Fault]:
    """Yield files that no manifest names, and a sum that differs."""
    size = count = 0
    for name in source.names():
        if not name.startswith("data/"):
            continue
        count, size = count + 1, size + (source.size(name) or 0)
        if not index.has(name):
            yield Fault("unlisted", ascii(name).strip("'"))
    if info(source).get("Payload-Oxum", "") != f"{size}.{count}":
        yield Fault("oxum", tags.INFO)


def _digest(source: Source, name: str) -> str | None:
    """Return a file's hash; None where it cannot even be read (a ZIP has sums of its own)."""
    try:
        with source.open(name) as file:
            return digest(file)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError):
        return None


def digest(file: IO[bytes]) -> str:
    hashed = hashlib.sha256()
    for piece in pieces(file):
        hashed.update(piece)
    return hashed.hexdigest()


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def first(found: Iterable[Fault], most: int = _MANY) -> tuple[list[Fault], int]:
    """Return the first faults and the number of all."""
    kept: list[Fault] = []
    count = 0
    for each in found:
        count += 1
        if len(kept) < most:
            kept.append(each)
    return kept, count


def _text(source: Source, name: str) -> str:
    if source.size(name) is None:
        return ""
    with source.open(name) as file:
        return file.read(_PIECE).decode(errors="replace")

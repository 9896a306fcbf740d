"""Sealed files in a place: written, opened, held against their address, carried elsewhere."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import IO

from archive import vault
from archive.addresses import ADDRESS
from archive.store import sealing
from archive.store.errors import AddressError, FileDamagedError, FileMissingError, PlaceError
from archive.store.place import Found, Place
from archive.store.sealing import HEAD, PIECE, SEALED_PIECE, FileKey, Layout

_KEY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.[0-9a-f]{16}")


@dataclass(frozen=True)
class Opened:
    """A stored file: its size in clear, and its bytes in a range, piece by piece."""

    size: int
    _ranged: Callable[[int, int], Iterator[bytes]]

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `stop`. Raises FileDamagedError on its way."""
        return self._ranged(start, self.size if stop is None else min(stop, self.size))


def path(sha256: str) -> str:
    """Return the name under which a file lies. Raises AddressError."""
    if not ADDRESS.fullmatch(sha256):
        raise AddressError(sha256)
    return f"{sha256[:2]}/{sha256}"


def write(place: Place, sha256: str, key: FileKey, data: Iterable[bytes]) -> None:
    """Write a sealed file, its key first; an earlier key of the same bytes goes unused."""
    place.write({_key_path(sha256, key.id): [key.wrapped(sha256)], path(sha256): data})


def exists(place: Place, sha256: str) -> bool:
    try:
        place.size(path(sha256))
    except FileNotFoundError:
        return False
    return True


def opened(place: Place, sha256: str) -> Opened:
    """Open a file of any format. Raises FileMissingError, FileDamagedError."""
    head = _head(place, sha256)
    if head[:1] == sealing.WHOLE:
        data = _whole(place, sha256)
        return Opened(len(data), lambda start, stop: iter([data[start:stop]]))
    return _in_pieces(place, sha256, _key(place, sha256, head))


def verify(place: Place, sha256: str) -> int:
    """Read all of a file and return its size in clear. Raises as `opened`."""
    file, digest = opened(place, sha256), hashlib.sha256()
    for piece in file.read():
        digest.update(piece)
    if digest.hexdigest() != sha256:
        raise FileDamagedError(sha256)
    return file.size


def copy(sha256: str, source: Place, target: Place) -> None:
    """Carry a file, sealed as it is, to another place. Raises as `opened`, of the source."""
    verify(source, sha256)
    files: dict[str, Iterable[bytes]] = {path(sha256): _stream(source, path(sha256))}
    head = _head(source, sha256)
    if head[:1] == sealing.PIECES:
        key = _key_path(sha256, head[1:])
        files = {key: _stream(source, key), **files}
    target.write(files)


def lying(place: Place, after: str) -> Iterator[Found]:
    """Yield what lies in a place but keys, by name, from after a name."""
    return (found for found in place.names(after) if not _KEY.fullmatch(found.name))


def address_of(name: str) -> str:
    """Return the address of the file that lies under a name; nothing where it is no such file."""
    _folder, _slash, address = name.rpartition("/")
    return address if ADDRESS.fullmatch(address) and path(address) == name else ""


def rewrap(place: Place, sha256: str) -> bool:
    """Seal a file's key by the data key of today; tell whether that was needed.

    A file of the earlier format gets a key of its own. Raises as `opened`.
    """
    head = _head(place, sha256)
    if head[:1] == sealing.WHOLE:
        key = FileKey.new()
        write(place, sha256, key, sealing.seal(key, [_whole(place, sha256)]))
        return True
    wrapped = _read(place, _key_path(sha256, head[1:]), sha256)
    if vault.is_current(wrapped):
        return False
    key = _key(place, sha256, head)
    place.write({_key_path(sha256, key.id): [key.wrapped(sha256)]})
    return True


def _in_pieces(place: Place, sha256: str, key: FileKey) -> Opened:
    with _faults_of(sha256):
        layout = Layout(place.size(path(sha256)))
    if layout.size < 0:
        raise FileDamagedError(sha256)

    def ranged(start: int, stop: int) -> Iterator[bytes]:
        first = start // PIECE
        with closing(place.open(path(sha256), HEAD + first * SEALED_PIECE)) as file:
            for number in range(first, layout.pieces):
                at = number * PIECE
                if at >= stop > 0:
                    break
                piece = _piece(file, layout, key, number, sha256)
                yield piece[max(start - at, 0) : stop - at]

    return Opened(layout.size, ranged)


def _piece(file: IO[bytes], layout: Layout, key: FileKey, number: int, sha256: str) -> bytes:
    try:
        with _faults_of(sha256):
            return layout.opened(key, number, _exactly(file, SEALED_PIECE))
    except sealing.BrokenError as fault:
        raise FileDamagedError(sha256) from fault


def _exactly(file: IO[bytes], length: int) -> bytes:
    """Read as many bytes as there are, at most `length`: a server sends fewer at a time."""
    held = file.read(length)
    while 0 < len(held) < length and (more := file.read(length - len(held))):
        held += more
    return held


def _key(place: Place, sha256: str, head: bytes) -> FileKey:
    if len(head) != HEAD or head[:1] != sealing.PIECES:
        raise FileDamagedError(sha256)
    try:
        wrapped = _read(place, _key_path(sha256, head[1:]), sha256)
        return FileKey.unwrapped(head[1:], wrapped, sha256)
    except (FileMissingError, vault.VaultError) as fault:
        raise FileDamagedError(sha256) from fault


def _whole(place: Place, sha256: str) -> bytes:
    try:
        return vault.open_(_read(place, path(sha256), sha256), f"file:{sha256}")
    except vault.VaultError as fault:
        raise FileDamagedError(sha256) from fault


def _head(place: Place, sha256: str) -> bytes:
    with _faults_of(sha256), closing(place.open(path(sha256))) as file:
        return _exactly(file, HEAD)


def _read(place: Place, name: str, sha256: str) -> bytes:
    with _faults_of(sha256), closing(place.open(name)) as file:
        return file.read()


@contextmanager
def _faults_of(sha256: str) -> Iterator[None]:
    """Tell a file that is gone, and one that the disk cannot read, from a place that is away."""
    try:
        yield
    except PlaceError:
        raise
    except FileNotFoundError as fault:
        raise FileMissingError(sha256) from fault
    except OSError as fault:
        raise FileDamagedError(sha256) from fault


def _stream(place: Place, name: str) -> Iterator[bytes]:
    with closing(place.open(name)) as file:
        while chunk := file.read(PIECE):
            yield chunk


def _key_path(sha256: str, key_id: bytes) -> str:
    return f"{path(sha256)}.{key_id.hex()}"

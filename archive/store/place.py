"""What every place for sealed files can do."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, NamedTuple, Protocol

Files = Mapping[str, Iterable[bytes]]


class Found(NamedTuple):
    """A file as a place lists it."""

    name: str
    written: datetime


class Place(Protocol):
    """Files by name. Raises FileNotFoundError, PlaceError where it does not answer at all."""

    def write(self, files: Files) -> None:
        """Write files of one folder, each whole or not at all; they are durable afterwards."""

    def open(self, name: str, start: int = 0) -> IO[bytes]: ...
    def size(self, name: str) -> int: ...
    def delete(self, prefix: str) -> None:
        """Delete the files whose name begins so; without any all is well."""

    def names(self, after: str = "") -> Iterator[Found]:
        """Yield every file whose name comes after another's, by name.

        Memory holds one folder of them, or one page of the server's list.
        """

    def tidy(self, before: datetime) -> None:
        """Remove what killed processes had begun to write before a moment."""

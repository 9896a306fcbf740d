"""DER as it comes over the line: element by element, never more than one of them in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from registration.ca.status.answer import StatusError
from registration.ca.status.fetching import Read

SEQUENCE, INTEGER, BIT_STRING, UTC_TIME, GENERALIZED_TIME = 0x30, 0x02, 0x03, 0x17, 0x18
_CHUNK = 64 * 1024
_LONGEST = 64 * 1024  # bytes of an element that is taken whole
SHORT = 0x80  # lengths below it take one byte
_LENGTH_BYTES = 8

Sink = Callable[[bytes], object]


@dataclass(frozen=True)
class Head:
    tag: int
    length: int
    raw: bytes


class Stream:
    """Reads forward only; what passes while there is a sink goes into it, in large pieces."""

    def __init__(self, read: Read, most: int) -> None:
        self._read, self._left = read, most
        self._buffer, self._at, self._noted = b"", 0, 0
        self._sink: Sink | None = None
        self.position = 0

    def pass_on(self, sink: Sink | None) -> None:
        """Give what follows to another sink, or to none."""
        self._note()
        self._sink = sink

    def head(self) -> Head:
        raw = self.take(2)
        tag, length = raw
        if length >= SHORT:
            count = length - SHORT
            if not 1 <= count <= _LENGTH_BYTES:  # 0: indefinite, which DER has not
                raise StatusError("list-malformed")
            more = self.take(count)
            raw, length = raw + more, int.from_bytes(more)
        return Head(tag, length, raw)

    def enter(self, tag: int) -> Head:
        """Take the head of an element that must be of this kind."""
        head = self.head()
        if head.tag != tag:
            raise StatusError("list-malformed")
        return head

    def content(self, head: Head) -> bytes:
        return self.take(head.length)

    def element(self) -> bytes:
        head = self.head()
        return head.raw + self.take(head.length)

    def elements(self, length: int) -> Iterator[bytes]:
        """Yield what the next `length` bytes consist of."""
        end = self.position + length
        while self.position < end:
            yield self.element()
        if self.position != end:
            raise StatusError("list-malformed")

    def take(self, count: int) -> bytes:
        if self._at + count > len(self._buffer):
            self._fill(count)
        part = self._buffer[self._at : self._at + count]
        self._at += count
        self.position += count
        return part

    def require_end(self) -> None:
        if self._at < len(self._buffer) or self._read(1):
            raise StatusError("list-malformed")

    def _fill(self, count: int) -> None:
        if count > _LONGEST:
            raise StatusError("list-malformed")
        self._note()
        parts = [self._buffer[self._at :]]
        have = len(parts[0])
        while have < count:
            part = self._read(_CHUNK)
            self._left -= len(part)
            if not part:
                raise StatusError("list-cut-short", retryable=True)
            if self._left < 0:
                raise StatusError("list-too-long")
            parts.append(part)
            have += len(part)
        self._buffer, self._at, self._noted = b"".join(parts), 0, 0

    def _note(self) -> None:
        if self._sink is not None and self._noted < self._at:
            self._sink(self._buffer[self._noted : self._at])
        self._noted = self._at

"""Commands as a card sees them (ISO/IEC 7816-4, 5.1)."""

from dataclasses import dataclass, replace
from typing import Self


class StatusError(Exception):
    """The applet ends a command with a status word other than 9000."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


NOT_FOUND = 0x6A82
NO_SPACE = 0x6A84
WRONG_DATA = 0x6A80
WRONG_PARAMETERS = 0x6A86
NO_REFERENCE = 0x6A88
SECURITY = 0x6982
BLOCKED = 0x6983
NO_INSTRUCTION = 0x6D00
WRONG_LENGTH = 0x6700


@dataclass(frozen=True)
class Command:
    """One command, short or extended; `le` is how many bytes of answer are wanted at most."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    le: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        if len(raw) < 4:
            raise StatusError(WRONG_LENGTH)
        data, le = _body(raw[4:])
        return cls(raw[0], raw[1], raw[2], raw[3], data, le)

    def with_data(self, data: bytes) -> Self:
        return replace(self, data=data)


def _body(body: bytes) -> tuple[bytes, int]:
    if not body:
        return b"", 256
    if len(body) == 1:
        return b"", body[0] or 256
    if body[0] == 0 and len(body) >= 3:
        return _extended(body)
    size = body[0]
    data, rest = body[1 : 1 + size], body[1 + size :]
    if len(data) != size or len(rest) > 1:
        raise StatusError(WRONG_LENGTH)
    return data, (rest[0] or 256) if rest else 256


def _extended(body: bytes) -> tuple[bytes, int]:
    size = int.from_bytes(body[1:3], "big")
    if len(body) == 3:
        return b"", size or 65_000
    data, rest = body[3 : 3 + size], body[3 + size :]
    if len(data) != size or len(rest) not in (0, 2):
        raise StatusError(WRONG_LENGTH)
    return data, int.from_bytes(rest, "big") or 65_000

"""The Serbian identity application of the virtual card: files behind an application id."""

from collections.abc import Mapping

from cardops.virtual import apdu
from cardops.virtual.apdu import Command, StatusError


class IdentityApplet:
    """SELECT FILE and READ BINARY; nothing to write, no PIN."""

    def __init__(self, name: bytes | None, files: Mapping[bytes, bytes]) -> None:
        self._name, self._files = name, files
        self.power_off()

    def answers_to(self, name: bytes) -> bool:
        return name == self._name

    def power_off(self) -> None:
        self._selected: bytes | None = None

    def select(self) -> bytes:
        self._selected = None
        return b""

    def run(self, command: Command) -> bytes:
        if command.ins == 0xA4:
            return self._select_file(command)
        if command.ins == 0xB0:
            return self._read(command)
        raise StatusError(apdu.NO_INSTRUCTION)

    def _select_file(self, command: Command) -> bytes:
        if command.data not in self._files:
            raise StatusError(apdu.NOT_FOUND)
        self._selected = command.data
        return b""

    def _read(self, command: Command) -> bytes:
        if self._selected is None:
            raise StatusError(0x6986)
        content = self._files[self._selected]
        offset = command.p1 << 8 | command.p2
        if offset >= len(content):
            raise StatusError(0x6B00)
        return content[offset : offset + min(command.le, 256)]

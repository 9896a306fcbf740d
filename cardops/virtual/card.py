"""The virtual card: two applications, chaining both ways, and faults on demand."""

import time
from dataclasses import replace

from cardops.virtual import apdu, cardedge, identity, identity_files, make, piv
from cardops.virtual.apdu import Command, StatusError
from cardops.virtual.faults import Card, Faults
from cardops.virtual.make import Make
from cardops.virtual.ministry import Ministry
from cardops.virtual.people import SyntheticPerson

_SELECT, _GET_RESPONSE = 0xA4, 0xC0
_BY_NAME = 0x04
_Applet = identity.IdentityApplet | piv.PivApplet | cardedge.CardEdgeApplet
_CERTIFICATE = bytes.fromhex("5FC10A")  # of slot 9C


class VirtualCard:
    """Takes a C-APDU, gives an R-APDU; memory survives removal, sessions do not."""

    def __init__(
        self, person: SyntheticPerson, memory: piv.Memory, made: Make, ministry: Ministry
    ) -> None:
        self.person, self.memory, self.made = person, memory, made
        files = identity_files.files(replace(person, **made.document), made, ministry)
        self.identity = identity.IdentityApplet(make.NAMES.get(made.identity), files)
        self._applets = [self.identity, *_signing(memory, made)]
        self.faults, self.busy = Faults(), 0.0  # seconds at work
        self.power_off()

    def power_off(self) -> None:
        for applet in self._applets:
            applet.power_off()
        self.faults.begin()
        open_ = self.made.identity == make.OLD  # its files are there without SELECT
        self._applet: _Applet | None = self.identity if open_ else None
        self._incoming = self._outgoing = b""

    def transmit(self, raw: bytes) -> bytes:
        """Run one command; PulledError when a fault takes the card away."""
        began = time.perf_counter()
        try:
            return self._transmit(raw)
        finally:
            self.busy += time.perf_counter() - began

    def _transmit(self, raw: bytes) -> bytes:
        return self.faults.run(
            raw,
            Card(
                run=lambda: self._answer(raw),
                power_off=self.power_off,
                spoil=self._spoil,
                holds_certificate=lambda: _CERTIFICATE in self.memory.objects,
            ),
        )

    def _spoil(self) -> None:
        stored = self.memory.objects[_CERTIFICATE]
        spoiled = stored[:-20] + bytes(byte ^ 1 for byte in stored[-20:])
        self.memory.objects[_CERTIFICATE] = spoiled

    def _answer(self, raw: bytes) -> bytes:
        try:
            command = Command.parse(raw)
            return self._respond(command)
        except StatusError as ended:
            return ended.sw.to_bytes(2, "big")
        except (ValueError, IndexError, KeyError):
            return apdu.WRONG_DATA.to_bytes(2, "big")

    def _respond(self, command: Command) -> bytes:
        if command.ins == _GET_RESPONSE:
            return self._drain(command.le)
        if command.cla & 0x10:
            self._incoming += command.data
            return b"\x90\x00"
        data, self._incoming, self._outgoing = self._incoming + command.data, b"", b""
        self._outgoing = self._run(command.with_data(data))
        return self._drain(command.le)

    def _drain(self, le: int) -> bytes:
        size = min(le, len(self._outgoing))
        piece, self._outgoing = self._outgoing[:size], self._outgoing[size:]
        if self._outgoing:
            return piece + bytes((0x61, min(len(self._outgoing), 0xFF)))
        return piece + b"\x90\x00"

    def _run(self, command: Command) -> bytes:
        if command.ins == _SELECT and command.p1 == _BY_NAME:
            return self._select(command.data)
        if self._applet is None:
            raise StatusError(apdu.NO_INSTRUCTION)
        return self._applet.run(command)

    def _select(self, name: bytes) -> bytes:
        for applet in self._applets:
            if applet.answers_to(name):
                self._applet = applet
                return applet.select()
        raise StatusError(apdu.NOT_FOUND)


def _signing(memory: piv.Memory, made: Make) -> list[_Applet]:
    """Return the application that signs, if the card has one: one of 2008 has not."""
    if made.identity == make.OLD:
        return []
    if made.applet == make.CARDEDGE:
        return [cardedge.CardEdgeApplet(memory)]
    return [piv.PivApplet(memory, vendor=made.vendor)] if made.applet == make.PIV else []

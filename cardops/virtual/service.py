"""pcscd with virtual cards in it, inside a network namespace of its own.

Its driver brings two readers; the second stays empty until a card is put in.

vpcd listens on all interfaces by nature and pcscd's socket path is compiled in: the namespaces keep
both apart from whatever else runs on the machine.
"""

import argparse
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cardops import transport
from cardops.virtual import cardedge, control, make, state
from cardops.virtual.administrator import AES_192, ManagementKey
from cardops.virtual.card import VirtualCard
from cardops.virtual.faults import Fault
from cardops.virtual.make import Make
from cardops.virtual.people import PEOPLE
from cardops.virtual.piv import Memory
from cardops.virtual.vpcd import PORT, Slot

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
RUN = Path("/run/pcscd")
READER = "Virtual PCD"
LOG = "pcscd.log"
PATIENCE = 15.0  # seconds until the card must answer

_PR_SET_PDEATHSIG = 1
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1
_PATH_LIMIT = 100  # bytes of a Unix socket's path


def socket_path(folder: Path) -> Path:
    """Return what PCSCLITE_CSOCK_NAME must be for clients of the service in `folder`."""
    return folder / "pcscd" / "pcscd.comm"


def start(
    folder: Path,
    *,
    state_file: Path | None = None,
    readers: Sequence[str] = (READER,),
    driver: Path = DRIVER,
    options: Sequence[str] = (),
) -> subprocess.Popen[str]:
    """Start the service and wait until its card is in the reader; RuntimeError when it is not.

    The card lies in the last of the named `readers`; each of them has a twin that stays empty until
    a card is put in. With no `readers` pcscd runs alone, as when none is plugged in. `driver` is
    their handler, `options` are pcscd's own. What pcscd says goes to pcscd.log.
    """
    if len(str(socket_path(folder))) > _PATH_LIMIT:
        raise RuntimeError(f"{folder}: the path is too long for a Unix socket; take a shorter one")
    rights = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *rights, "--net", "--mount", sys.executable]
    command += ["-m", "cardops.virtual.service", str(folder)]
    command += ["--driver", str(driver), *(f"--pcscd={option}" for option in options)]
    command += ["--state", str(state_file)] if state_file else []
    command += ["--readers", *readers]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if process.stdout is None or process.stdout.readline() != "ready\n":
        stop(process)
        raise RuntimeError(f"the virtual card did not come up: see above, and {folder / LOG}")
    return process


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


class Reader:
    """One slot and what the control socket asks of it."""

    def __init__(self, state_file: Path | None, port: int) -> None:
        self._file = state_file
        kept = state.load(state_file)
        self._ministry = kept.ministry
        self.slot = Slot(_card(kept), port)
        self._verbs: dict[str, Callable[..., None]] = {
            "insert": self._insert,
            "remove": self._remove,
            "new-card": self._new_card,
            "fault": self._fault,
            "clear-faults": self._clear_faults,
            "swap": self._swap,
            "go-on": self._go_on,
        }
        self._questions: dict[str, Callable[[], dict[str, Any]]] = {
            "status": self._status,
            "steps": lambda: {"steps": self.slot.card.faults.steps},
            "card": lambda: state.to_json(self._kept()),
        }

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked, or answer it; what was done is answered with the status."""
        asked = request.pop("do")
        if asked not in self._questions:
            self._verbs[asked](**request)
            asked = "status"
        return self._questions[asked]()

    def save(self) -> None:
        if self._file:
            state.save(self._file, self._kept())

    def _kept(self) -> state.Kept:
        card = self.slot.card
        return state.Kept(card.person, card.memory, card.made, self._ministry)

    def _insert(self) -> None:
        self.slot.insert()

    def _remove(self) -> None:
        self.slot.remove()

    def _new_card(self, person: str, *, administration: int = AES_192, **kind: Any) -> None:
        made, owner = Make(**kind), PEOPLE[person]
        if made.applet == make.CARDEDGE:
            memory = cardedge.memory(owner)
        else:
            memory = Memory(management_key=ManagementKey(algorithm=administration))
        card = VirtualCard(owner, memory, made, self._ministry)
        self.slot.remove()
        self.slot.card = card
        self.slot.insert()

    def _swap(self, card: dict[str, Any]) -> None:
        """Let another card lie in the reader, unseen by it: only while nobody is connected."""
        kept = state.from_json(card)
        self._ministry = kept.ministry
        self.slot.card = _card(kept)

    def _go_on(self) -> None:
        self.slot.card.faults.go_on()

    def _fault(self, **facts: Any) -> None:
        self.slot.card.faults.armed.append(Fault(**facts))

    def _clear_faults(self) -> None:
        self.slot.card.faults.armed.clear()

    def _status(self) -> dict[str, Any]:
        card = self.slot.card
        return {
            "inserted": self.slot.inserted,
            "commands": len(card.faults.steps),
            "fired": card.faults.fired,
            "held": card.faults.held,
            "busy": card.busy,
            "pin_left": card.memory.pin.left,
            "person": card.person.jmbg,
            "ministry": self._ministry.pem,
        }


def _card(kept: state.Kept) -> VirtualCard:
    return VirtualCard(kept.person, kept.memory, kept.made, kept.ministry)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--readers", nargs="*", default=[READER])
    parser.add_argument("--driver", type=Path, default=DRIVER)
    parser.add_argument("--pcscd", action="append", default=[], help="an option for pcscd")
    arguments = parser.parse_args()
    _die_with_parent()
    _raise_loopback()
    _describe_readers(arguments.folder, arguments.readers, arguments.driver)
    pcscd = _start_pcscd(arguments.folder, arguments.pcscd)
    os.environ["PCSCLITE_CSOCK_NAME"] = str(socket_path(arguments.folder))
    port = _port(max(0, len(arguments.readers) - 1))
    reader, twin = Reader(arguments.state, port), Reader(None, port + 1)
    try:
        _await(socket_path(arguments.folder).exists)
        if arguments.readers:
            _insert(reader.slot, pcscd)
            _await(transport.card_present)  # pcscd looks every 0.4 s
        control.serve(arguments.folder, _by_slot(reader, twin))
        print("ready", flush=True)  # noqa: T201 the parent waits for this line
        _wait(pcscd, reader)
    finally:
        pcscd.terminate()
        pcscd.wait()
        reader.save()
    return 0


def _by_slot(*readers: Reader) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda request: readers[request.pop("slot", 0)].handle(request)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _raise_loopback() -> None:
    with socket.socket() as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack_from("h", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request), 16)[0]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def _start_pcscd(folder: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    runtime = folder / "pcscd"
    runtime.mkdir(parents=True, exist_ok=True)
    for leftover in runtime.iterdir():  # of a service that was killed: they block the next start
        leftover.unlink()
    _mount_over(runtime)
    command = ["/usr/sbin/pcscd", "--foreground", "--config", str(_readers(folder)), *options]
    with (folder / LOG).open("wb") as said:
        return subprocess.Popen(
            command,
            stdout=said,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 one thread only so far
        )


def _readers(folder: Path) -> Path:
    return folder / "readers"


def _describe_readers(folder: Path, names: Sequence[str], driver: Path) -> None:
    """Name the readers to pcscd; each has its own copy of the driver, which serves one entry."""
    _readers(folder).mkdir(parents=True, exist_ok=True)
    for unplugged in _readers(folder).iterdir():
        unplugged.unlink()
    for number, name in enumerate(names):
        own, port = folder / f"driver-{number}.so", _port(number)
        shutil.copy(driver, own)
        (_readers(folder) / f"vpcd-{number}").write_text(
            f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:{port:#06X}\n'
            f"LIBPATH {own}\nCHANNELID {port:#06X}\n"
        )


def _port(number: int) -> int:
    return PORT + 2 * number  # each entry listens for two slots


def _mount_over(runtime: Path) -> None:
    """Lay `runtime` over pcscd's own folder, within this mount namespace only."""
    if not RUN.exists():
        subprocess.run(["mount", "-t", "tmpfs", "none", str(RUN.parent)], check=True)
        RUN.mkdir()
    subprocess.run(["mount", "--bind", str(runtime), str(RUN)], check=True)


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)


def _insert(slot: Slot, pcscd: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            slot.insert()
        except ConnectionRefusedError:
            if time.monotonic() > deadline or pcscd.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return


def _wait(pcscd: subprocess.Popen[bytes], reader: Reader) -> None:
    """Wait for the end that the parent or pcscd brings, keeping the card's memory meanwhile."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.wait(1.0) and pcscd.poll() is None:
        reader.save()


if __name__ == "__main__":
    sys.exit(main())

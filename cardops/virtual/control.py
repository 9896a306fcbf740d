"""The hand at the reader: inserts, pulls and spoils the virtual card over a Unix socket."""

import json
import socket
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

SOCKET = "control"


class Control:
    """Client of one virtual card's service, for one of its readers: 0 or 1."""

    def __init__(self, folder: Path, slot: int = 0) -> None:
        self.folder, self._slot = folder, slot

    def insert(self) -> None:
        self._ask(do="insert")

    def remove(self) -> None:
        self._ask(do="remove")

    def new_card(self, person: str = "milica", **kind: Any) -> None:
        """Put another, blank card into the reader.

        `kind` is what `cardops.virtual.make.Make` says, or administration=0x03.
        """
        self._ask(do="new-card", person=person, **kind)

    def fault(self, kind: str, **facts: Any) -> None:
        """Arm one fault: see `cardops.virtual.faults.Fault`."""
        self._ask(do="fault", kind=kind, **facts)

    def clear_faults(self) -> None:
        self._ask(do="clear-faults")

    def go_on(self) -> None:
        """End the standstill that a fault brought about."""
        self._ask(do="go-on")

    def swap(self, card: dict[str, Any]) -> None:
        """Let another card lie in the reader without its noticing; see `card`."""
        self._ask(do="swap", card=card)

    def card(self) -> dict[str, Any]:
        """Return all that the card keeps, as `cardops.virtual.state` writes it."""
        return self._ask(do="card")

    def steps(self) -> list[str]:
        """Return the names of all commands that this card was given."""
        return list(self._ask(do="steps")["steps"])

    def status(self) -> dict[str, Any]:
        """Return {inserted, commands, fired, held, pin_left, person, ministry: PEM of its CA}."""
        return self._ask(do="status")

    def _ask(self, **request: Any) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.folder / SOCKET))
            connection.sendall(json.dumps(request | {"slot": self._slot}).encode() + b"\n")
            answer: dict[str, Any] = json.loads(connection.makefile().readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


def serve(folder: Path, handle: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer requests one after another in a thread of their own."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                answer = handle(json.loads(self.rfile.readline()))
            except (OSError, ValueError, TypeError, KeyError) as fault:
                answer = {"error": f"{type(fault).__name__}: {fault}"}
            self.wfile.write(json.dumps(answer).encode() + b"\n")

    path = folder / SOCKET
    path.unlink(missing_ok=True)
    server = socketserver.UnixStreamServer(str(path), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

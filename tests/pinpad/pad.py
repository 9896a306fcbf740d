"""The citizen at the pin pad: presses keys for each prompt that the pad's display shows."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.pinpad.driver import KEYS

CANCEL, NOTHING = "c", ""
_PATIENCE = 30  # seconds


class Citizen:
    """Presses what lies in `keys`, one for each prompt, then nothing; `seen` are the prompts."""

    def __init__(self, *keys: str) -> None:
        self.keys, self.seen = list(keys), list[str]()

    def press(self, *keys: str) -> None:
        self.keys += keys

    def answer(self, prompt: str) -> bytes:
        self.seen.append(prompt)
        return (self.keys.pop(0) if self.keys else NOTHING).encode()


@contextmanager
def plugged_in(folder: Path, citizen: Citizen) -> Iterator[Citizen]:
    """Let the reader have its pad meanwhile."""
    path = folder / KEYS
    with socket.socket(socket.AF_UNIX) as keys:
        keys.bind(str(path))
        keys.listen()
        thread = threading.Thread(target=_serve, args=(keys, citizen), daemon=True)
        thread.start()
        try:
            yield citizen
        finally:
            path.unlink()
            keys.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE)


def _serve(keys: socket.socket, citizen: Citizen) -> None:
    while True:
        try:
            pad, _address = keys.accept()
        except OSError:
            return
        with pad, pad.makefile("r") as display, suppress(OSError):  # it may have had enough keys
            for prompt in display:
                pad.sendall(citizen.answer(prompt.strip()))

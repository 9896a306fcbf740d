"""Starts programs of the server by forking a process that has loaded everything already.

A killed web server or worker is back in a moment instead of seconds; it is a process of its own
nevertheless, and runs the same code from its beginning.
"""

import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import celery.bin.worker

from config.celery import app

_GRACE = 10.0  # seconds that a program has to end by itself
_PROGRAM = "import sys, django; django.setup(); from tests.faults import nursery; nursery.main()"

__all__ = ["app", "celery"]  # what every program of the server needs is loaded once, here


@dataclass
class Nursery:
    """One process of it; its programs end with it."""

    environment: Mapping[str, str]
    _process: subprocess.Popen[str] | None = None

    def start(self, command: Sequence[str], log: Path) -> int:
        """Return the process id of a program that runs `command`, given as for an interpreter."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                env=dict(self.environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        if not self._process.stdin or not self._process.stdout:
            raise RuntimeError("the nursery has no ears")
        order = {"arguments": list(command)[1:], "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        if self._process:
            self._process.communicate()


@dataclass
class Nursling:
    """A program that is started in the nursery, with the verbs of the supervisor's `Child`."""

    nursery: Nursery
    command: Sequence[str]
    log: Path
    pid: int = field(default=0)

    def start(self) -> None:
        self.pid = self.nursery.start(self.command, self.log)

    @property
    def running(self) -> bool:
        return Path(f"/proc/{self.pid}").exists()

    def stop(self) -> None:
        if self.running:
            os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE
        while self.running and time.monotonic() < deadline:
            time.sleep(0.05)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _become(order["arguments"], order["log"])
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become(arguments: list[str], log: str) -> None:
    """Run a module or a script as the interpreter would."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)
    try:
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
    finally:
        os._exit(0)

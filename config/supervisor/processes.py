"""Child processes that die with their parent, and come back when they fall."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_GRACE = 10.0  # seconds that a child has to end by itself
_PAUSE = 2.0  # seconds between the starts of a child that falls again and again


@dataclass
class Child:
    """One program; its output goes to `log`, or to the terminal when None."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None = None
    _process: subprocess.Popen[bytes] | None = None
    _started: float = field(default=0.0)

    def start(self) -> None:
        output = self._output()
        try:
            self._process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone
                preexec_fn=_die_with_parent,  # noqa: PLW1509 started from the main thread
            )
        finally:
            if output:
                output.close()
        self._started = time.monotonic()

    @property
    def pid(self) -> int:
        """Return the process id; 0 before the start."""
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep_up(self) -> None:
        """Start the child again if it fell, not more often than every two seconds."""
        if not self.running and time.monotonic() - self._started > _PAUSE:
            self.start()

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _output(self) -> IO[bytes] | None:
        return self.log.open("ab") if self.log else None


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:  # the parent was gone before we asked
        os._exit(1)

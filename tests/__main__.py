"""All tests: on SQLite, and on PostgreSQL again all that ask the database: `python -m tests`.

Seven lanes run beside each other, for much of a story is waiting. They share nothing but the
processor: each has a folder, a broker, a pcscd and ports of its own.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO

_STORIES = "tests/stories"
_PURE = ("tests/documents", "tests/intake")  # heavy, and most of them ask no database
_LEAKS = "tests/leaks"  # a counter at its most talkative, with a broker that nothing else knows
_CARDS = ("tests/cardops", "tests/desk", "tests/faults", "tests/pinpad")  # they wait for readers


@dataclass(frozen=True)
class Lane:
    title: str
    module: str
    arguments: tuple[str, ...]


def _ignoring(*folders: str) -> tuple[str, ...]:
    return tuple(f"--ignore={folder}" for folder in folders)


LANES = (
    Lane("the stories, on SQLite", "pytest", (_STORIES,)),
    Lane("papers and scans", "pytest", _PURE),
    Lane("cards and desks, on SQLite", "pytest", _CARDS),
    Lane("the rest, on SQLite", "pytest", _ignoring(_STORIES, _LEAKS, *_PURE, *_CARDS)),
    Lane("where a PIN could leak", "pytest", (_LEAKS,)),
    Lane("all but the stories, on PostgreSQL", "tests.postgres", _ignoring(_STORIES, _LEAKS)),
    Lane("the stories, on PostgreSQL", "tests.postgres", (_STORIES,)),
)


def main() -> int:
    with ExitStack() as stack:
        running = [(lane, stack.enter_context(_started(lane))) for lane in LANES]
        codes = [_told(lane, *started) for lane, started in running]
    return next((code for code in codes if code), 0)


@contextmanager
def _started(lane: Lane) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """Run a lane; what it says is kept, so that no two speak at once."""
    command = [sys.executable, "-m", lane.module, *lane.arguments, *sys.argv[1:]]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield process, said
        finally:
            process.send_signal(signal.SIGINT)  # it takes its own programs with it
            process.wait()


def _told(lane: Lane, process: subprocess.Popen[bytes], said: IO[bytes]) -> int:
    code = process.wait()
    said.seek(0)
    print(f"\n== {lane.title}\n{said.read().decode(errors='replace')}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())

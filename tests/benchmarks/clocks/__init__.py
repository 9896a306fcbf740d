"""Programs of the counter with clocks on what is not ours: the certification body, the citizen."""

import os
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

FILE = "OVERA_CLOCKS"  # environment: where the programs write what they measured


def timed(what: str, act: Callable[..., Any]) -> Callable[..., Any]:
    """Let `act` note how long it took; an act inside of a timed one is its part."""
    running = [0]

    @wraps(act)
    def measured(*arguments: Any, **named: Any) -> Any:
        running[0] += 1
        started = time.perf_counter()
        try:
            return act(*arguments, **named)
        finally:
            running[0] -= 1
            if not running[0]:
                _note(what, time.perf_counter() - started)

    return measured


def _note(what: str, seconds: float) -> None:
    with Path(os.environ[FILE]).open("a") as file:
        file.write(f"{what} {seconds}\n")


def read(path: Path) -> dict[str, float]:
    """Return the seconds of each, summed, and begin anew."""
    sums: dict[str, float] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        what, seconds = line.split()
        sums[what] = sums.get(what, 0.0) + float(seconds)
    path.write_text("")
    return sums

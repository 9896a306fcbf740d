"""Where a program under test stands still: at a step of a journal, until told to go on or killed.

The program names each step that it passes; the harness wants one of them, and finds the program
standing there. Files carry the words: a program that is killed and started again hears them too.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "OVERA_STOPS"
_LOOK = 0.005  # seconds


@dataclass(frozen=True)
class Stops:
    folder: Path

    # the program's side

    def at(self, name: str) -> None:
        """Note that the step is passed; stand still here if it is wanted, once."""
        with self._trace.open("a") as trace:
            trace.write(f"{name}\n")
        if self._wanted.exists() and self._wanted.read_text() == name and not self.reached:
            self._reached.touch()
            while not self._going_on.exists():
                time.sleep(_LOOK)

    # the harness's side

    def begin(self, wanted: str = "") -> None:
        """Forget the last run; from now on `wanted` is where somebody is to stand."""
        self.folder.mkdir(exist_ok=True)
        for each in (self._wanted, self._reached, self._going_on, self._trace):
            each.unlink(missing_ok=True)
        self._trace.touch()
        if wanted:
            self._wanted.write_text(wanted)

    @property
    def reached(self) -> bool:
        return self._reached.exists()

    def go_on(self) -> None:
        self._going_on.touch()

    def passed(self) -> list[str]:
        return self._trace.read_text().splitlines()

    @property
    def _wanted(self) -> Path:
        return self.folder / "wanted"

    @property
    def _reached(self) -> Path:
        return self.folder / "reached"

    @property
    def _going_on(self) -> Path:
        return self.folder / "go"

    @property
    def _trace(self) -> Path:
        return self.folder / "trace"


def own() -> Stops:
    """Return the stops that this program was started with."""
    return Stops(Path(os.environ[VARIABLE]))


def given() -> bool:
    return VARIABLE in os.environ

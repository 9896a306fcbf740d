"""One counter's folder: what it keeps on disk, put aside and put back between points."""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardops.virtual import service
from tests.faults import stops

_DATABASE, _JOURNAL = "test.sqlite3", "journal.sqlite3"
_PORTS = range(20_000, 30_000)  # two web servers that start at once must not want the same
_COMPANIONS = ("", "-wal", "-shm")


@dataclass(frozen=True)
class Place:
    folder: Path

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def card(self) -> Path:
        """Where the virtual card's service listens."""
        return self.folder / "card"

    @property
    def desk(self) -> Path:
        return self.var / "desk"

    @property
    def desk_file(self) -> Path:
        return self.desk / "desk.json"

    @property
    def journal(self) -> Path:
        return self.desk / _JOURNAL

    @property
    def screen(self) -> Path:
        """Where the citizen screen's address is written when it opens."""
        return self.folder / "screen"

    @property
    def said(self) -> Path:
        """What the citizen was asked and answered, a line each: it survives a power cut."""
        return self.folder / "said"

    def keep(self, state: str, facts: dict[str, Any]) -> None:
        """Put the present state aside under a name; nobody may be at work."""
        kept = self.folder / "states" / state
        kept.mkdir(parents=True)
        _copy(self.var / _DATABASE, kept / _DATABASE)
        _copy(self.journal, kept / _JOURNAL)
        shutil.copytree(self.var / "ca", kept / "ca")
        (kept / "facts.json").write_text(json.dumps(facts))

    def facts(self, state: str) -> dict[str, Any]:
        """Return {card, case} of a state that was kept."""
        facts: dict[str, Any] = json.loads(
            (self.folder / "states" / state / "facts.json").read_text()
        )
        return facts

    def put_back(self, state: str) -> None:
        kept = self.folder / "states" / state
        _copy(kept / _DATABASE, self.var / _DATABASE)
        _copy(kept / _JOURNAL, self.journal)
        self.put_back_files(state)

    def put_back_files(self, state: str) -> None:
        """Put back the certification body's ledger; nothing was asked of the citizen yet."""
        shutil.rmtree(self.var / "ca", ignore_errors=True)
        shutil.copytree(self.folder / "states" / state / "ca", self.var / "ca")
        self.screen.unlink(missing_ok=True)
        self.said.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy a SQLite database that nobody has open, with what its log still holds."""
    for companion in _COMPANIONS:
        there = target.with_name(target.name + companion)
        there.unlink(missing_ok=True)
        here = source.with_name(source.name + companion)
        if here.exists():
            shutil.copyfile(here, there)


def make(place: Place) -> None:
    for folder in (place.var, place.card, place.desk):
        folder.mkdir(parents=True)


@contextmanager
def copy(place: Place, parent: Path) -> Iterator[Place]:
    """Give a place of its own that knows the same states, for a while."""
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        other = Place(Path(folder))
        shutil.copytree(place.folder / "states", other.folder / "states")
        shutil.copytree(place.var, other.var)
        other.card.mkdir()
        yield other


def environment(place: Place) -> dict[str, str]:
    """Return what a program of this place must find in its environment."""
    return os.environ | {
        "OVERA_VAR": str(place.var),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PCSCLITE_CSOCK_NAME": str(service.socket_path(place.card)),
    }


def standing(place: Place) -> dict[str, str]:
    """Return the environment of programs that stand still at the steps of their journals."""
    folder = place.folder / "stops"
    return environment(place) | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.standing.settings",
        "OVERA_PORT": str(_PORTS.start + secrets.randbelow(len(_PORTS) // 20) * 20),
        "OVERA_SECRET_KEY": secrets.token_urlsafe(50),
        stops.VARIABLE: str(folder),
    }

"""Installations of their own: another database, store and keys, used through manage.py alone."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Installation:
    """A folder with everything that one installation writes, and what starts its commands."""

    var: Path
    _commands: subprocess.Popen[str]

    @property
    def key(self) -> Path:
        return self.var / "audit" / "heads.pub.pem"

    def start(self, *words: object) -> int:
        """Start a command; return its process id."""
        return self._asked([str(each) for each in words])

    def ended(self, process: int) -> Ended:
        """Wait for a command that was started."""
        code = self._asked(process)
        out, err = ((self.var / f"{process}.{kind}").read_text() for kind in ("out", "err"))
        return Ended(code, out, err)

    def does(self, *words: object) -> str:
        """Return what a command says; it must succeed."""
        done = self.ended(self.start(*words))
        assert done.code == 0, done.out + done.err
        return done.out

    def refuses(self, *words: object) -> str:
        """Return the sentences with which a command is refused; a crash is no sentence."""
        done = self.ended(self.start(*words))
        assert done.code == 1
        assert "Traceback" not in done.err
        return done.err

    def kill(self, *words: object, when: Path | str) -> None:
        """Start a command and kill it as soon as a file is there, or a line begins so."""
        process = self.start(*words)
        said = self.var / f"{process}.out"
        if isinstance(when, Path):
            until(when.exists)
        else:
            until(lambda: said.exists() and f"\n{when}" in f"\n{said.read_text()}")
        os.kill(process, signal.SIGKILL)
        assert self.ended(process).code == -signal.SIGKILL

    def run(self, script: str) -> str:
        return self.does("shell", "-v", "0", "-c", script)

    def _asked(self, what: int | list[str]) -> int:
        assert self._commands.stdin
        assert self._commands.stdout
        self._commands.stdin.write(json.dumps(what) + "\n")
        self._commands.stdin.flush()
        return int(self._commands.stdout.readline())


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that a command does."""
    latest = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < latest
        time.sleep(0.001)


@contextmanager
def made(var: Path, **environment: str) -> Iterator[Installation]:
    """Make an installation with empty tables, on the kind of database that the tests run on."""
    var.mkdir()
    environment |= {"OVERA_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    if connection.vendor == "postgresql":
        environment["OVERA_DATABASE"] = _new_database(os.environ["OVERA_DATABASE"])
    with subprocess.Popen(
        [sys.executable, "-m", "tests.archive.commands"],
        cwd=ROOT,
        env=os.environ | environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as commands:
        installation = Installation(var, commands)
        installation.does("migrate", "archive", "-v", "0")
        yield installation


def _new_database(address: str) -> str:
    name = f"overa_{secrets.token_hex(8)}"
    with psycopg.connect(address.replace("/overa?", "/postgres?"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return address.replace("/overa?", f"/{name}?")

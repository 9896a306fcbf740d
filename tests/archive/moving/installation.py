"""Installations of their own: another database, store and keys, used through manage.py alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Installation:
    """A folder with everything that one installation writes, and the address of its database."""

    var: Path
    database: str = ""

    @property
    def environment(self) -> Mapping[str, str]:
        named = {"OVERA_DATABASE": self.database} if self.database else {}
        return {
            **os.environ,
            "OVERA_VAR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": str(ROOT),
            **named,
        }

    @property
    def key(self) -> Path:
        return self.var / "audit" / "heads.pub.pem"

    def manage(self, *words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(words),
            cwd=ROOT,
            env=dict(self.environment),
            text=True,
            capture_output=True,
            check=False,
        )

    def does(self, *words: object) -> str:
        """Return what a command says; it must succeed."""
        done = self.manage(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refuses(self, *words: object) -> str:
        """Return the sentences with which a command is refused; a crash is no sentence."""
        done = self.manage(*words)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    def kill(self, *words: object, when: Path | str) -> None:
        """Start a command and kill it as soon as a file is there, or a line begins so."""
        process = subprocess.Popen(
            self._command(words),
            cwd=ROOT,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            text=True,
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        if isinstance(when, Path):
            while not when.exists() and process.poll() is None:
                time.sleep(0.001)
        else:
            next(line for line in process.stdout if line.startswith(when))
        process.send_signal(signal.SIGKILL)
        process.stdout.close()
        assert process.wait(60) == -signal.SIGKILL

    def run(self, script: str) -> str:
        return self.does("shell", "-v", "0", "-c", script)

    def _command(self, words: tuple[object, ...]) -> list[str]:
        return [sys.executable, "manage.py", *map(str, words)]


def made(var: Path, name: str) -> Installation:
    """Make an installation with empty tables, on the kind of database that the tests run on."""
    var.mkdir()
    address = os.environ.get("OVERA_DATABASE", "")
    if connection.vendor == "postgresql":
        with psycopg.connect(address.replace("/overa?", "/postgres?"), autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"')
        address = address.replace("/overa?", f"/{name}?")
    installation = Installation(var, address)
    installation.does("migrate", "archive", "-v", "0")
    return installation


assert settings.configured

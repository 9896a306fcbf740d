"""Looks for a PIN in whatever was written."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

from tests import postgres
from tests.leaks import spellings


def holding(pin: bytes, *folders: Path) -> list[Path]:
    """Return the files below the folders that hold the PIN in any spelling."""
    asked = "\n".join([pin.decode(), *map(str, files(*folders))])
    command = [sys.executable, "-m", spellings.__name__]
    said = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True, check=True)
    return [Path(line) for line in said.stdout.splitlines()]


def files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def dumped(file: Path) -> Path:
    """Write the whole database as it is now into one file."""
    file.unlink(missing_ok=True)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
    else:
        postgres.dump(os.environ["OVERA_DATABASE"], file)
    return file

"""Looks for a PIN in whatever was written, in the ways in which programs write bytes."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from tests import postgres


def spellings(pin: bytes) -> set[bytes]:
    """Return the PIN plainly, in UTF-16, in hexadecimal, in base64 at any place, as a list."""
    text, hexadecimal = pin.decode(), [f"{byte:02x}" for byte in pin]
    lists = [", ".join(map(str, pin)), ",".join(map(str, pin))]
    lists += [between.join(hexadecimal) for between in ("", " ", ":", " 0x", ", 0x", ",0x", "\\x")]
    plain = {pin, text.encode("utf-16-le"), text.encode("utf-16-be")}
    return plain | {each.encode() for each in lists} | set(_base64(pin))


def _base64(pin: bytes) -> Iterator[bytes]:
    """Give what of each alignment depends on the PIN alone."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + pin + bytes(3))
        yield encoded[-(-before * 8 // 6) : (before + len(pin)) * 8 // 6]


def holding(pin: bytes, *folders: Path) -> list[Path]:
    """Return the files below the folders that hold the PIN in any spelling."""
    sought = spellings(pin)
    return [path for path in files(*folders) if any(each in content(path) for each in sought)]


def files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def content(path: Path) -> bytes:
    """Return what a file holds; programs at work may take one away at any moment."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def dumped(file: Path) -> Path:
    """Write the whole database as it is now into one file."""
    file.unlink(missing_ok=True)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
    else:
        postgres.dump(os.environ["OVERA_DATABASE"], file)
    return file

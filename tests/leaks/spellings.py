"""A PIN in the ways in which programs write bytes; run as a program it says which files hold one.

A program of its own, for whoever closes a file of SQLite's drops the locks that the same process
holds on it: the next to write would take the database away under its feet.
"""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path


def of(pin: bytes) -> set[bytes]:
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


def content(path: Path) -> bytes:
    """Return what a file holds; programs at work may take one away at any moment."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def main() -> None:
    """Read the PIN and then paths, a line each; write the paths of the files that hold it."""
    pin, *paths = sys.stdin.read().splitlines()
    sought = of(pin.encode())
    for path in paths:
        found = content(Path(path))
        if any(each in found for each in sought):
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()

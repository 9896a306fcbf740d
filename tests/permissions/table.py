"""The table: who is to get what from every address. `table.txt` is what people read and change.

A cell says what the own office's people get and, after a stroke, a foreign office's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("table.txt")


def roles() -> list[str]:
    """Return the columns: an account without a role is "nobody"."""
    return FILE.read_text().splitlines()[0].split()[2:]


@dataclass(frozen=True)
class Row:
    """One address with methods (or an action) that are answered alike."""

    section: str
    name: str
    methods: tuple[str, ...]
    cells: dict[str, str]  # role → "yes", "no", "404", "login", or two of them: "yes/404"


def rows() -> Iterator[Row]:
    section = ""
    for line in filter(None, FILE.read_text().splitlines()[1:]):
        if line.startswith("#"):
            section = line.removeprefix("# ")
            continue
        name, methods, *cells = line.split()
        yield Row(section, name, tuple(methods.split(",")), dict(zip(roles(), cells, strict=True)))

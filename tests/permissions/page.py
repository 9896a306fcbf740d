"""The table as a page of the documentation."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.permissions import addresses, table
from tests.permissions.table import Row

FILE = Path(__file__).parents[2] / "docs" / "permissions.md"
_HEAD = """# Permissions

Written by `python -m tests.permissions` from `tests/permissions/table.txt`. The tests walk every
address of the server as every role, for the own office's case and for a foreign one's, and fail
where an answer differs from its cell and where an address has no row.

| cell | meaning |
|---|---|
| yes | answered; a step that does not fit the case's state is answered with a sentence |
| **no** | refused (403) |
| 404 | as if it were not there |
| login | led to the login |
| yes / 404 | the own office's / another office's |

*Nobody* is an account without a role, *anonymous* is not logged in. Beside GET and POST stand the
actions of the administration's lists. Nobody deletes anything; cases, issuances, certificates,
records and audit events are added and changed by nobody there. A manager without an office sees the
cases and the reports of all offices in the administration, but no record of the archive.
"""


def text() -> str:
    return _HEAD + "".join(_sections())


def _sections() -> Iterator[str]:
    routes = {each.name: each.route for each in addresses.every()}
    for section, rows in groupby(table.rows(), lambda row: row.section):
        lines = [_line(row, routes[row.name]) for row in rows]
        heads = ["address", "method", *table.roles()]
        yield "\n".join(["", f"## {section}", "", _cells(heads), "|---" * len(heads) + "|", *lines])
        yield "\n"


def _line(row: Row, route: str) -> str:
    shown = [_shown(row.cells[role]) for role in table.roles()]
    return _cells([f"`/{route}`", " ".join(row.methods), *shown])


def _shown(cell: str) -> str:
    return " / ".join({"no": "**no**"}.get(word, word) for word in cell.split("/"))


def _cells(words: list[str]) -> str:
    return f"| {' | '.join(words)} |"

"""Rule of the house: short functions, short files (docstrings not counted, data excepted)."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("archive", "cardops", "config", "registration")
CARRIED_AWAY = ROOT / "archive" / "inspector"  # one file, read from top to bottom: ADR 0012
LONGEST_FUNCTION, MEAN_FUNCTION, LONGEST_FILE = 45, 9, 300  # lines


def files() -> list[Path]:
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", _lines(node)


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    docstring = function.body[0] if ast.get_docstring(function) else None
    told = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - told


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_are_short(package: str) -> None:
    sizes = dict(
        each for path in files() if path.is_relative_to(ROOT / package) for each in functions(path)
    )
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}
    assert statistics.mean(sizes.values()) <= MEAN_FUNCTION


def test_files_have_one_room() -> None:
    ours = (path for path in files() if not path.is_relative_to(CARRIED_AWAY))
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in ours}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}

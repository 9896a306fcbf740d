"""The papers' versions: a folder each, with its facts and its template; the office may add one."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2] / "templates" / "documents"


class PaperMissingError(LookupError):
    """No version of a kind of paper is valid on a day."""

    def __init__(self, kind: str, on: date) -> None:
        super().__init__(f"{kind} on {on.isoformat()}")
        self.kind, self.on = kind, on


@dataclass(frozen=True)
class PaperVersion:
    """One version of one paper; `expected` are the roles that sign each of its copies."""

    kind: str
    code: str  # three digits or capital letters
    name: str  # short, for lists
    title: str  # in full, on the paper
    valid_from: date
    expected: tuple[str, ...]
    folder: Path

    @property
    def template(self) -> str:
        """Return the template's name below ROOT."""
        return f"{self.kind}/{self.code}/paper.html"


def current(kind: str, on: date) -> PaperVersion:
    """Return the latest version valid on a day; raise PaperMissingError where there is none."""
    valid = [version for version in versions(kind) if version.valid_from <= on]
    if not valid:
        raise PaperMissingError(kind, on)
    return max(valid, key=lambda version: (version.valid_from, version.code))


@cache
def versions(kind: str) -> tuple[PaperVersion, ...]:
    return tuple(_read(path.parent) for path in sorted((ROOT / kind).glob("*/paper.toml")))


def _read(folder: Path) -> PaperVersion:
    facts = tomllib.loads((folder / "paper.toml").read_text())
    return PaperVersion(
        kind=folder.parent.name,
        code=folder.name,
        name=facts["name"],
        title=facts["title"],
        valid_from=facts["valid_from"],
        expected=tuple(facts["expected"]),
        folder=folder,
    )


@cache
def texts(name: str) -> dict[str, str]:
    """Return the constant texts of "bodies" or "law": who the parties are, which laws apply."""
    found: dict[str, str] = tomllib.loads((ROOT / f"{name}.toml").read_text())
    return found

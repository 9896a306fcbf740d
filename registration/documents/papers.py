"""A paper's version: which kind, whose signatures, what its blocks of text say, since when."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2] / "templates" / "documents"


@dataclass(frozen=True)
class Block:
    """One piece of a paper's wording; `text` is restricted Markdown, see `wording`."""

    place: str  # where the layout sets it: "article", "lead", "statement", "note"
    text: str
    heading: str = ""


@dataclass(frozen=True)
class Version:
    """One version of one paper; `expected` are the roles that sign each of its copies."""

    kind: str
    code: str  # three digits or capital letters
    name: str  # short, for lists
    title: str  # in full, on the paper
    valid_from: date
    expected: tuple[str, ...]
    blocks: tuple[Block, ...]
    body: str = ""  # the certification body that it names; empty: the default one

    @property
    def layout(self) -> str:
        """Return the layout's name below ROOT: it is the kind's, the wording is the version's."""
        return f"{self.kind}/layout.html"


def kinds() -> list[str]:
    """Return every kind of paper that there is a layout for."""
    return sorted(path.parent.name for path in ROOT.glob("*/layout.html"))


@cache
def shipped(kind: str) -> tuple[Version, ...]:
    """Return the versions that come with the product, the oldest first."""
    return tuple(_read(kind, path) for path in sorted((ROOT / kind).glob("*.toml")))


def _read(kind: str, path: Path) -> Version:
    facts = tomllib.loads(path.read_text())
    return Version(
        kind=kind,
        code=path.stem,
        name=facts["name"],
        title=facts["title"],
        valid_from=facts["valid_from"],
        expected=tuple(facts.get("expected", ())),
        blocks=tuple(_block(each) for each in facts.get("blocks", ())),
    )


def _block(facts: dict[str, str]) -> Block:
    return Block(facts["place"], facts["text"].strip(), facts.get("heading", ""))


@cache
def constants(body: str = "") -> dict[str, dict[str, str]]:
    """Return what is the same on all papers: "bodies" (who the parties are) and "law".

    What differs with a certification body stands in bodies.toml in a table [of.<its name>].
    """
    parties, law = (
        tomllib.loads((ROOT / f"{name}.toml").read_text()) for name in ("bodies", "law")
    )
    own = parties.pop("of", {}).get(body, {})
    return {"bodies": parties | own, "law": law}

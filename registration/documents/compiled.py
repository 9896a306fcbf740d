"""Papers compiled once per version and script: pages without values, and where the values go.

What is compiled is kept in a folder under the hash of all that it was made of. It may be dropped
at any time: it is made again when it is asked for.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib.metadata import version as release
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from registration.documents import hand, papers, rendering, stamping
from registration.documents.papers import Version
from registration.documents.rendering import Blanks, Rendered, Slot
from registration.documents.zones import Rect, Zone
from registration.rules.scripts import Script

_FORMAT = 1  # of what is kept; another one is compiled anew
_MADE_WITH = ("weasyprint", "pikepdf", "uharfbuzz")


@dataclass(frozen=True)
class Page:
    """One page of a paper: a SHA-256 (hexadecimal) of its drawing, its slots, its zones."""

    content_hash: str
    slots: tuple[Slot, ...]
    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class Compiled:
    """A paper ready for stamps; `key` names all that it was made of."""

    key: str
    pdf: bytes
    pages: tuple[Page, ...]


def paper(version: Version, script: Script, folder: Path) -> Compiled:
    """Return a compiled paper, from memory, from `folder`, or made now."""
    return _remembered(version, script, folder)


def finished(rendered: Rendered) -> Compiled:
    """Return a paper that was rendered with its values, ready for its codes."""
    return _ready("", rendered)


def forget() -> None:
    """Let this process read again what is kept."""
    _remembered.cache_clear()


def drop(folder: Path) -> None:
    """Throw away everything that was compiled."""
    forget()
    for path in (*folder.glob("*.pdf"), *folder.glob("*.json")):
        path.unlink()


@lru_cache(maxsize=64)
def _remembered(version: Version, script: Script, folder: Path) -> Compiled:
    key = _key(version, script)
    return _kept(folder, key) or _compile(version, script, folder, key)


def _compile(version: Version, script: Script, folder: Path, key: str) -> Compiled:
    made = _ready(key, rendering.render(version, Blanks(), script))
    folder.mkdir(parents=True, exist_ok=True)
    # The map comes last: where it stands, the pages stand too.
    _keep(folder / f"{key}.pdf", made.pdf)
    _keep(folder / f"{key}.json", json.dumps([asdict(page) for page in made.pages]).encode())
    return made


def _ready(key: str, rendered: Rendered) -> Compiled:
    pages = tuple(
        Page(
            content_hash,
            tuple(slot for slot in rendered.slots if slot.page == number),
            tuple(zone for zone in rendered.zones if zone.page == number),
        )
        for number, content_hash in enumerate(_hashes(rendered.pdf), 1)
    )
    return Compiled(key, stamping.prepared(rendered.pdf), pages)


def _hashes(pdf: bytes) -> Iterable[str]:
    """Hash each page: its drawing, and what the glyphs of its fonts mean."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            fonts = page.Resources.get("/Font", pikepdf.Dictionary())
            meanings = [fonts[name].ToUnicode.read_bytes() for name in sorted(fonts.keys())]
            drawn = page.Contents.read_bytes()
            yield hashlib.sha256(b"\x00".join([drawn, *meanings])).hexdigest()


def _key(version: Version, script: Script) -> str:
    made_of = {
        "format": _FORMAT,
        "version": asdict(version) | {"valid_from": version.valid_from.isoformat()},
        "script": script.value,
        "constants": papers.constants(version.body),
        "layouts": _layouts(),
        "fonts": hashlib.sha256(hand.subset(bold=False).program).hexdigest(),
        "made with": {name: release(name) for name in _MADE_WITH},
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


@cache
def _layouts() -> dict[str, str]:
    """Hash every layout and style: a page may be made of several."""
    found = [*papers.ROOT.rglob("*.html"), *papers.ROOT.rglob("*.css")]
    return {
        str(path.relative_to(papers.ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(found)
    }


def _keep(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; two who write the same do each other no harm."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(draft).replace(path)


def _kept(folder: Path, key: str) -> Compiled | None:
    try:
        pages = json.loads((folder / f"{key}.json").read_bytes())
        pdf = (folder / f"{key}.pdf").read_bytes()
    except (OSError, ValueError):
        return None
    return Compiled(key, pdf, tuple(map(_page, pages))) if pages else None


def _page(facts: dict[str, Any]) -> Page:
    return Page(
        facts["content_hash"],
        tuple(Slot(**each) for each in facts["slots"]),
        tuple(Zone(**{**each, "rect": Rect(**each["rect"])}) for each in facts["zones"]),
    )

"""The packet of a case: every copy of every paper coded, each a file, and one file to print."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from registration.documents import (
    accessible,
    codes,
    compiled,
    contexts,
    hand,
    rendering,
    stamping,
)
from registration.documents.codes import CodeKey, PageCode
from registration.documents.compiled import Compiled
from registration.documents.contexts import CaseContext
from registration.documents.papers import Version
from registration.documents.rendering import Slot
from registration.documents.zones import Zone

_LEADING = 1.45  # of the foot of a page, as in its style

Wanted = Sequence[tuple[Version, int]]
"""(version, copy) in the order of printing."""


@dataclass(frozen=True)
class Press:
    """What papers are made with: the key of the codes, the folder of what is compiled."""

    key: CodeKey
    folder: Path


@dataclass(frozen=True)
class PrintedPage:
    number: int
    content_hash: str  # SHA-256 of the page without its codes, hexadecimal
    code: str
    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class PrintedPaper:
    """One copy; `pdf` is PDF/A-2b where it was stamped, PDF/A-2a and PDF/UA-1 where rendered."""

    version: Version
    copy: int
    way: str  # "stamped" | "rendered"
    pdf: bytes
    pages: tuple[PrintedPage, ...]


@dataclass(frozen=True)
class PrintedPacket:
    pdf: bytes  # all papers, PDF/A-2b
    papers: tuple[PrintedPaper, ...]


@dataclass(frozen=True)
class _Filled:
    """A paper with its values, before its copies are told apart."""

    way: str
    base: Compiled
    drawings: tuple[bytes, ...]  # the values of each page
    hashes: tuple[str, ...]


class UnprintableError(ValueError):
    """A value has letters that our fonts do not have."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


@dataclass(frozen=True)
class Coded:
    """A copy before it is a file: its paper, and what is laid over each of its pages."""

    version: Version
    copy: int
    way: str
    base: bytes
    stamps: tuple[bytes, ...]
    pages: tuple[PrintedPage, ...]


def make(case: CaseContext, wanted: Wanted, press: Press) -> PrintedPacket:
    """Write the values on each paper and the codes on each copy; gather all to print."""
    copies = coded(case, wanted, press)
    return PrintedPacket(to_print(copies), tuple(map(to_keep, copies)))


def coded(case: CaseContext, wanted: Wanted, press: Press) -> tuple[Coded, ...]:
    """Return all copies with their values and codes; raises UnprintableError."""
    filled = {version: _filled(case, version, press) for version in dict(wanted)}
    return tuple(
        _coded(case, version, copy, filled[version], press.key) for version, copy in wanted
    )


def to_print(copies: Sequence[Coded]) -> bytes:
    """Return one file with all copies, PDF/A-2b."""
    return stamping.stamped(gathered(copies), [stamp for each in copies for stamp in each.stamps])


def gathered(copies: Sequence[Coded]) -> bytes:
    """Return the pages of all copies, without what is laid over them."""
    return _gathered(tuple(each.base for each in copies))


def to_keep(copy: Coded) -> PrintedPaper:
    """Return a copy as a file of its own."""
    pdf = stamping.stamped(copy.base, copy.stamps)
    return PrintedPaper(copy.version, copy.copy, copy.way, pdf, copy.pages)


def content(case: CaseContext, version: Version, press: Press) -> list[str]:
    """Return the content hash of each page that a paper of this case would have now."""
    return list(_filled(case, version, press).hashes)


def _filled(case: CaseContext, version: Version, press: Press) -> _Filled:
    """Stamp the values on the compiled paper, or lay it out anew where one of them is too long."""
    values = contexts.values(case)
    try:
        return _stamped(compiled.paper(version, case.script, press.folder), values)
    except stamping.TooLongError as fault:
        if letters := hand.unknown(values[fault.name]):
            raise UnprintableError(letters) from fault
        return _rendered(version, values, case)


def _stamped(base: Compiled, values: contexts.Values) -> _Filled:
    drawings = tuple(
        b"".join([stamping.value(slot, values[slot.name]) for slot in page.slots])
        for page in base.pages
    )
    hashes = tuple(
        hashlib.sha256(page.content_hash.encode() + drawing).hexdigest()
        for page, drawing in zip(base.pages, drawings, strict=True)
    )
    return _Filled("stamped", base, drawings, hashes)


def _rendered(version: Version, values: contexts.Values, case: CaseContext) -> _Filled:
    laid_out = rendering.render(version, values, case.script, accessible.VARIANT)
    base = compiled.finished(replace(laid_out, pdf=accessible.complete(laid_out.pdf)))
    hashes = tuple(page.content_hash for page in base.pages)
    return _Filled("rendered", base, (b"",) * len(hashes), hashes)


def _coded(case: CaseContext, version: Version, copy: int, filled: _Filled, key: CodeKey) -> Coded:
    pages = tuple(_pages(case, version, copy, filled, key))
    lines = {"copy": contexts.copy_line(case, version.kind, copy), "head": contexts.head_line(case)}
    stamps = tuple(
        drawing + _stamp(base, page.code, lines)
        for drawing, base, page in zip(filled.drawings, filled.base.pages, pages, strict=True)
    )
    return Coded(version, copy, filled.way, filled.base.pdf, stamps, pages)


def _pages(
    case: CaseContext, version: Version, copy: int, filled: _Filled, key: CodeKey
) -> list[PrintedPage]:
    total = len(filled.hashes)
    return [
        PrintedPage(
            number,
            content_hash,
            codes.compose(_code(case, version, copy, number, total, key), content_hash, key),
            page.zones,
        )
        for number, (content_hash, page) in enumerate(
            zip(filled.hashes, filled.base.pages, strict=True), 1
        )
    ]


def _code(
    case: CaseContext, version: Version, copy: int, page: int, pages: int, key: CodeKey
) -> PageCode:
    return PageCode(
        key_id=key.key_id,
        case_number=case.case_number,
        kind=version.kind,
        version=version.code,
        copy=copy,
        page=page,
        pages=pages,
        run=case.run,
    )


def _stamp(base: compiled.Page, code: str, lines: contexts.Values) -> bytes:
    """Return a page's code in its two places, its number, whose copy it is, the log's head."""
    told = {"human": codes.human_line(code), **lines}
    places = [zone for zone in base.zones if zone.kind == "code"]
    slots = [*base.slots, *map(_below, base.slots)]
    written = [stamping.value(slot, told[slot.name]) for slot in slots if slot.name in told]
    return stamping.code(code, places) + b"".join(written)


def _below(slot: Slot) -> Slot:
    """Return the line for the head, below the one for the copy.

    Layouts know nothing of it: the hashes that page codes are bound to stay as they are.
    """
    name = "head" if slot.name == "copy" else ""
    return replace(slot, name=name, baseline=slot.baseline - _LEADING * slot.size)


@lru_cache(maxsize=32)
def _gathered(papers: tuple[bytes, ...]) -> bytes:
    """Return papers one after the other; what is printed together once is so again."""
    return stamping.gathered(papers)

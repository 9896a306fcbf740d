"""The packet of a case: every copy of every paper coded, each a file, and one file to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from registration.documents import codes, contexts, rendering
from registration.documents.codes import CodeKey, PageCode
from registration.documents.contexts import CaseContext
from registration.documents.papers import PaperVersion
from registration.documents.rendering import Stamp
from registration.rules import digits
from registration.rules.scripts import Script

Wanted = Sequence[tuple[PaperVersion, int]]
"""(version, copy) in the order of printing."""

_OWNERS = {1: "за регистрационо тело", 2: "за корисника"}
_SINGLE = frozenset({"request", "cover"})  # papers of which there is one copy
_SAME_FOR_ALL = frozenset({"terms"})  # papers that say nothing of their case


@dataclass(frozen=True)
class _Plain:
    """A paper before its copies are told apart."""

    pdf: bytes
    hashes: list[str]  # of each page's content


@dataclass(frozen=True)
class RenderedPage:
    number: int
    content_hash: str  # SHA-256 of the page without its codes, hexadecimal
    code: str


@dataclass(frozen=True)
class RenderedPaper:
    """One copy; `pdf` is PDF/A-2b."""

    kind: str
    copy: int
    version: str
    title: str
    expected: tuple[str, ...]
    pdf: bytes
    pages: tuple[RenderedPage, ...]


@dataclass(frozen=True)
class RenderedPacket:
    pdf: bytes
    papers: tuple[RenderedPaper, ...]


def render(case: CaseContext, wanted: Wanted, *, key: CodeKey) -> RenderedPacket:
    """Render each paper once, stamp each copy, merge them in order."""
    plain = {version: _plain(case, version) for version, _copy in wanted}
    pages = [_pages(case, version, copy, plain[version], key) for version, copy in wanted]
    lines = [_line(case, version, copy) for version, copy in wanted]
    stamps = [
        [Stamp(page.code, line) for page in of_copy]
        for of_copy, line in zip(pages, lines, strict=True)
    ]
    files = rendering.stamped(
        [plain[version].pdf for version, _copy in wanted], stamps, case.script
    )
    papers = tuple(map(_paper, wanted, files, pages))
    return RenderedPacket(rendering.merged(files), papers)


def _plain(case: CaseContext, version: PaperVersion) -> _Plain:
    if version.kind in _SAME_FOR_ALL:
        return _of_version(version, case.script)
    return _rendered(rendering.pdf(version.template, contexts.values(case, version), case.script))


@lru_cache(maxsize=16)
def _of_version(version: PaperVersion, script: Script) -> _Plain:
    return _rendered(rendering.pdf(version.template, contexts.constants(version), script))


def _rendered(pdf: bytes) -> _Plain:
    return _Plain(pdf, rendering.content_hashes(pdf))


def _pages(
    case: CaseContext, version: PaperVersion, copy: int, plain: _Plain, key: CodeKey
) -> tuple[RenderedPage, ...]:
    total = len(plain.hashes)
    return tuple(
        RenderedPage(
            number,
            content_hash,
            codes.compose(_code(case, version, copy, number, total, key), content_hash, key),
        )
        for number, content_hash in enumerate(plain.hashes, 1)
    )


def _paper(
    wanted: tuple[PaperVersion, int], pdf: bytes, pages: tuple[RenderedPage, ...]
) -> RenderedPaper:
    version, copy = wanted
    return RenderedPaper(
        kind=version.kind,
        copy=copy,
        version=version.code,
        title=version.name,
        expected=version.expected,
        pdf=pdf,
        pages=pages,
    )


def _code(
    case: CaseContext, version: PaperVersion, copy: int, page: int, pages: int, key: CodeKey
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


def _line(case: CaseContext, version: PaperVersion, copy: int) -> str:
    """Return what a person reads beside the code: case, print run, whose copy."""
    number = digits.case_number(case.case_number)
    whose = "" if version.kind in _SINGLE else f" · примерак {copy} — {_OWNERS[copy]}"
    return f"Предмет {number} · штампа {case.run}{whose}"

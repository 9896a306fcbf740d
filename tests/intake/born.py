"""The office's own papers as they were born: a printed packet with its zones, by code text."""

import re
from dataclasses import dataclass, replace
from functools import cache

from weasyprint import HTML

from registration.documents import contexts, packet, papers, rendering
from registration.documents.codes import CodeKey
from registration.documents.contexts import CaseContext
from registration.documents.packet import RenderedPacket
from registration.documents.papers import PaperVersion
from registration.documents.zones import Rect, Zone
from registration.intake.born import BornPage
from tests.documents.case import CASE, WANTED

KEY = CodeKey("A", bytes(range(32)))
_MM = 25.4 / 96  # of one CSS pixel
_ROLES = {"request": ("citizen", "officer"), "cover": ("citizen", "officer")}
_ROLES |= {"terms": ("citizen", ""), "contract": ("citizen", "officer")}


@dataclass(frozen=True)
class Born:
    """One printed page and what its code is bound to."""

    code: str
    content_hash: str
    kind: str
    copy: int
    page: BornPage


@cache
def packet_of(number: int, run: int = 1) -> tuple[Born, ...]:
    """Return the pages of a synthetic case's packet in the order of printing."""
    case = replace(CASE, case_number=f"26{number:07}", run=run)
    return _born(case, packet.render(case, WANTED, key=KEY))


def _born(case: CaseContext, printed: RenderedPacket) -> tuple[Born, ...]:
    versions = {version.kind: version for version, _copy in WANTED}
    zones = {kind: _zones(case, version) for kind, version in versions.items()}
    return tuple(
        Born(
            page.code,
            page.content_hash,
            paper.kind,
            paper.copy,
            BornPage(paper.pdf, page.number, tuple(_of(zones[paper.kind], page.number))),
        )
        for paper in printed.papers
        for page in paper.pages
    )


def _of(zones: tuple[Zone, ...], number: int) -> list[Zone]:
    return [zone for zone in (*zones, *_code_zones(number)) if zone.page == number]


def _code_zones(page: int) -> list[Zone]:
    first, second = Rect(180, 8, 22, 22), Rect(8, 266, 22, 22)
    return [Zone("code", "first", page, first), Zone("code", "second", page, second)]


def _zones(case: CaseContext, version: PaperVersion) -> tuple[Zone, ...]:
    """Lay the paper out once more with names on its places; the layout is the same."""
    values = contexts.values(case, version)
    html = _named(rendering.html(version.template, values, case.script))
    document = HTML(string=html, base_url=str(papers.ROOT)).render(
        stylesheets=[rendering._style("base.css", case.script)],  # noqa: SLF001
        font_config=rendering._fonts(),  # noqa: SLF001
    )
    return tuple(
        _zone(version.kind, name, number, box)
        for number, page in enumerate(document.pages, 1)
        for name, box in page.anchors.items()
    )


def _named(html: str) -> str:
    count = iter(range(9))
    html = re.sub(
        r'class="space"', lambda _each: f'class="space" id="signature-{next(count)}"', html
    )
    return html.replace('class="seal"', 'class="seal" id="seal-body"')


def _zone(kind: str, name: str, page: int, box: tuple[float, float, float, float]) -> Zone:
    left, top, right, bottom = (each * _MM for each in box)
    rect = Rect(left, top, right - left, bottom - top)
    what, which = name.split("-")
    if what == "signature":
        role = _ROLES[kind][int(which)]
        return Zone("signature" if role else "field", role or "place", page, rect)
    return Zone(what, which, page, rect)

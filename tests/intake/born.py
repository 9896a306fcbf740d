"""The office's own papers as they were born: a printed packet with its zones, by code text."""

from dataclasses import dataclass, replace
from functools import cache

from registration.documents import packet
from registration.documents.packet import PrintedPacket
from registration.intake.born import BornPage
from tests.documents.case import CASE, PRESS, WANTED

KEY = PRESS.key


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
    return _born(packet.make(case, WANTED, PRESS))


def _born(printed: PrintedPacket) -> tuple[Born, ...]:
    return tuple(
        Born(
            page.code,
            page.content_hash,
            paper.version.kind,
            paper.copy,
            BornPage(paper.pdf, page.number, page.zones),
        )
        for paper in printed.papers
        for page in paper.pages
    )

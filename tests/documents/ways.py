"""Every paper that there is, by every way in which it is made, and what it then promises to be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from registration.documents import accessible, contexts, packet, papers, rendering
from registration.documents.codes import CodeKey
from registration.documents.contexts import CaseContext
from registration.documents.packet import RenderedPacket
from registration.documents.papers import PaperVersion
from registration.documents.rendering import Stamp
from registration.rules.scripts import Script
from tests.documents.case import CASE

KEY = CodeKey("A", bytes(range(32)))
KINDS = sorted({path.parents[1].name for path in papers.ROOT.glob("*/*/paper.toml")})
SINGLE = {"request", "cover"}
ALL = [
    (version, copy)
    for kind in KINDS
    for version in papers.versions(kind)
    for copy in ((1,) if kind in SINGLE else (1, 2))
]
BARE = replace(
    CASE,
    email_choice="no",
    contract_requested=False,
    contract_waiver="не жели га",
    applicant=replace(
        CASE.applicant, phone="", certificate_email="", document_permanent=True, foreigner=True
    ),
)


@dataclass(frozen=True)
class Way:
    """`make` returns the files for a case, by name; each keeps to all of `flavours`."""

    flavours: tuple[str, ...]
    make: Callable[[CaseContext], Mapping[str, bytes]]


def stamped(case: CaseContext) -> dict[str, bytes]:
    return {
        f"{paper.kind} {paper.version}, copy {paper.copy}": paper.pdf
        for paper in _packet(case).papers
    }


def rendered(case: CaseContext) -> dict[str, bytes]:
    return {
        f"{version.kind} {version.code}": coded(tagged(version, case), case.script)
        for version, copy in ALL
        if copy == 1
    }


def printed(case: CaseContext) -> dict[str, bytes]:
    return {"all papers": _packet(case).pdf}


WAYS = {
    "stamped": Way(("2b",), stamped),
    "rendered": Way(("2a", "ua1"), rendered),
    "print file": Way(("2b",), printed),
}


@cache
def tagged(version: PaperVersion, case: CaseContext) -> bytes:
    """Return a paper without its codes."""
    values = contexts.values(case, version)
    pdf = rendering.pdf(version.template, values, case.script, variant=accessible.VARIANT)
    return accessible.complete(pdf)


def coded(pdf: bytes, script: Script) -> bytes:
    pages = rendering.content_hashes(pdf)
    stamps = [
        Stamp(f"1A260000001CT0012{page:02}{len(pages):02}01ABCDEFGHIJ", "Предмет 26-0000001")
        for page in range(1, len(pages) + 1)
    ]
    return rendering.stamped([pdf], [stamps], script)[0]


@cache
def _packet(case: CaseContext) -> RenderedPacket:
    return packet.render(case, ALL, key=KEY)

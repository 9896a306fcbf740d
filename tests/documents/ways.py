"""Every paper that there is, by every way in which it is made, and what it then promises to be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from registration.documents import accessible, contexts, packet, papers, rendering
from registration.documents.contexts import Box, CaseContext
from registration.documents.packet import PrintedPacket
from registration.documents.papers import Version
from tests.documents.case import CASE, PRESS

ALL = [
    (version, copy)
    for kind in papers.kinds()
    for version in papers.shipped(kind)
    for copy in ((1,) if kind in contexts.SINGLE else (1, 2))
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
LONG = "веома дуго име које не стаје у један ред ниједног папира на којем се исписује овако"


@dataclass(frozen=True)
class Way:
    """`make` returns the files for a case, by name; each keeps to all of `flavours`."""

    flavours: tuple[str, ...]
    make: Callable[[CaseContext], Mapping[str, bytes]]


def stamped(case: CaseContext) -> dict[str, bytes]:
    return _by_name(_packet(case), "stamped")


def rendered(case: CaseContext) -> dict[str, bytes]:
    """Return the papers that a long name or a long reason has laid out anew."""
    person = replace(case.applicant, surname=LONG, given_name=LONG, place=LONG)
    box = Box(LONG, LONG, LONG, LONG)
    return _by_name(_packet(replace(case, applicant=person, box=box)), "rendered")


def printed(case: CaseContext) -> dict[str, bytes]:
    return {"all papers": _packet(case).pdf}


WAYS = {
    "stamped": Way(("2b",), stamped),
    "rendered": Way(("2a", "ua1"), rendered),
    "print file": Way(("2b",), printed),
}


@cache
def tagged(version: Version, case: CaseContext) -> bytes:
    """Return a paper laid out with its values, without its codes."""
    values = contexts.values(case)
    return accessible.complete(
        rendering.render(version, values, case.script, accessible.VARIANT).pdf
    )


def _by_name(made: PrintedPacket, way: str) -> dict[str, bytes]:
    return {
        f"{paper.version.kind} {paper.version.code}, copy {paper.copy}": paper.pdf
        for paper in made.papers
        if paper.way == way
    }


@cache
def _packet(case: CaseContext) -> PrintedPacket:
    return packet.make(case, ALL, PRESS)

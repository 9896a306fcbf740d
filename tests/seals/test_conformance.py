"""What veraPDF says of sealed papers: every paper, however it was made, stays what it promised."""

from collections.abc import Mapping

import pytest

from registration.seals import pades
from tests.documents.case import CASE
from tests.documents.verapdf import findings
from tests.documents.ways import ALL, WAYS
from tests.seals.conftest import Make

MADE = ["stamped", "rendered"]


@pytest.mark.parametrize("way", MADE)
def test_every_paper_stays_what_it_promised(way: str, sealer: Make) -> None:
    """The highest level adds the most to a file: certificates, lists and two stamps."""
    lasting = sealer("B-LTA")
    files = {name: pades.seal(pdf, lasting) for name, pdf in WAYS[way].make(CASE).items()}
    assert len(files) == len(ALL)
    assert faults(way, files) == {}


@pytest.mark.parametrize("way", MADE)
@pytest.mark.parametrize("level", ["B-B", "B-T"])
def test_so_does_a_paper_with_less(way: str, level: str, sealer: Make) -> None:
    name, pdf = next(iter(WAYS[way].make(CASE).items()))
    assert faults(way, {name: pades.seal(pdf, sealer(level))}) == {}


def faults(way: str, files: Mapping[str, bytes]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what veraPDF found, by file and flavour."""
    said = {
        (name, flavour): findings(pdf, flavour)
        for name, pdf in files.items()
        for flavour in WAYS[way].flavours
    }
    return {where: found for where, found in said.items() if found}

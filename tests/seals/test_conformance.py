"""What veraPDF says of sealed papers: they stay what they promised to be."""

import pytest

from registration.seals import pades
from tests.documents.case import CASE, WANTED
from tests.seals.conftest import Make

verapdf = pytest.importorskip(
    "tests.documents.verapdf", reason="veraPDF comes with the tests of the papers"
)
LEVELS = ["B-B", "B-T", "B-LTA"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_stamped_paper_stays_pdf_a_2b(sealed: dict[str, bytes], level: str) -> None:
    assert verapdf.findings(sealed[level], "2b") == ()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("flavour", ["2a", "ua1"])
def test_a_tagged_paper_stays_accessible(sealer: Make, level: str, flavour: str) -> None:
    ways = pytest.importorskip("tests.documents.ways")
    version, _copy = WANTED[-1]
    sealed = pades.seal(ways.tagged(version, CASE), sealer(level))
    assert verapdf.findings(sealed, flavour) == ()

"""Every kind of paper, every version, both scripts, every way of making it: what veraPDF says."""

from dataclasses import replace

import pytest

from registration.documents.contexts import CaseContext
from registration.rules.scripts import Script
from tests.documents.case import CASE
from tests.documents.verapdf import findings
from tests.documents.ways import ALL, BARE, WAYS


@pytest.mark.parametrize("script", Script)
@pytest.mark.parametrize("way", WAYS)
def test_every_file_keeps_to_what_it_promises(way: str, script: Script) -> None:
    assert faults(way, replace(CASE, script=script)) == {}


@pytest.mark.parametrize("way", ["stamped", "rendered"])
def test_a_case_that_leaves_fields_empty_does_too(way: str) -> None:
    assert faults(way, BARE) == {}


@pytest.mark.parametrize("way", ["stamped", "rendered"])
def test_no_paper_was_left_out(way: str) -> None:
    assert len(WAYS[way].make(CASE)) == len(ALL)


def faults(way: str, case: CaseContext) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what veraPDF found, by file and flavour."""
    said = {
        (name, flavour): findings(pdf, flavour)
        for name, pdf in WAYS[way].make(case).items()
        for flavour in WAYS[way].flavours
    }
    return {where: found for where, found in said.items() if found}

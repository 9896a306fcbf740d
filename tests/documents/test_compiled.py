"""Compiled papers: stamped pages look like laid out ones; what is kept may be lost at any time."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from registration.documents import compiled, contexts, packet, papers, rendering
from registration.documents.packet import Press
from registration.documents.papers import Block, Version
from registration.rules.scripts import Script
from tests.documents.case import CASE, PRESS
from tests.documents.pictures import pictures

SCRIPTS = list(Script)
KINDS = papers.kinds()


def words(pdf: bytes) -> list[list[str]]:
    return [sorted(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how much of the page's ink differs by more than the edge of a letter."""
    differs = ImageChops.difference(one, other).point(lambda value: 255 * (value > 128))
    ink = ImageChops.invert(one).point(lambda value: 255 * (value > 128))
    return differs.histogram()[255] / max(ink.histogram()[255], 1)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("kind", KINDS)
def test_stamped_pages_look_like_laid_out_ones(kind: str, script: Script) -> None:
    """A second copy of a page was once blank and valid: only a picture tells."""
    case = replace(CASE, script=script)
    version = papers.shipped(kind)[0]
    stamped = packet._filled(case, version, PRESS)  # noqa: SLF001 - both ways, without codes
    rendered = packet._rendered(version, contexts.values(case), case)  # noqa: SLF001
    assert stamped.way == "stamped"
    one, other = (
        packet.to_keep(packet._coded(case, version, 1, filled, PRESS.key)).pdf  # noqa: SLF001
        for filled in (stamped, replace(rendered, hashes=stamped.hashes))
    )
    assert words(one) == words(other)
    assert [difference(*pair) for pair in zip(pictures(one), pictures(other), strict=True)] == [
        pytest.approx(0, abs=0.01)
    ] * len(stamped.hashes)


def test_the_file_to_print_is_the_papers_one_after_the_other() -> None:
    printed = packet.make(CASE, [(papers.shipped(kind)[0], 1) for kind in KINDS] * 2, PRESS)
    together = pictures(printed.pdf)
    apart = [page for paper in printed.papers for page in pictures(paper.pdf)]
    assert [difference(*pair) for pair in zip(together, apart, strict=True)] == [0.0] * len(apart)
    assert all(page.getextrema()[0] < 128 for page in together)


def test_every_field_of_every_layout_has_a_value() -> None:
    known = set(contexts.values(CASE))
    for kind in KINDS:
        version = papers.shipped(kind)[0]
        slots = rendering.render(version, rendering.Blanks(), Script.CYRILLIC).slots
        assert {slot.name for slot in slots} <= known, kind


def test_every_signature_that_a_version_expects_has_its_place() -> None:
    for kind in KINDS:
        for version in papers.shipped(kind):
            zones = rendering.render(version, rendering.Blanks(), Script.CYRILLIC).zones
            places = {zone.name for zone in zones if zone.kind in {"signature", "seal"}}
            assert set(version.expected) <= places, (kind, version.code)
            signed = [zone.rect for zone in zones if zone.kind == "signature"]
            assert all(rect.width >= 75 and rect.height >= 22 for rect in signed)


def test_what_is_kept_is_used_and_what_is_lost_is_made_again(tmp_path: Path) -> None:
    version = papers.shipped("cover")[0]
    first = compiled.paper(version, Script.CYRILLIC, tmp_path)
    compiled.forget()
    assert compiled.paper(version, Script.CYRILLIC, tmp_path) == first
    compiled.drop(tmp_path)
    assert list(tmp_path.iterdir()) == []
    again = compiled.paper(version, Script.CYRILLIC, tmp_path)
    assert again.pages == first.pages


@pytest.mark.parametrize("content", [b"", b"{", b"[]"])
def test_a_file_cut_off_by_a_crash_is_made_again(tmp_path: Path, content: bytes) -> None:
    version = papers.shipped("cover")[0]
    first = compiled.paper(version, Script.CYRILLIC, tmp_path)
    for path in tmp_path.glob("*.json"):
        path.write_bytes(content)
    compiled.forget()
    assert compiled.paper(version, Script.CYRILLIC, tmp_path).pages == first.pages


def test_another_wording_is_another_paper(tmp_path: Path) -> None:
    version = papers.shipped("cover")[0]
    other = replace(version, blocks=(Block("lead", "Нешто друго."),))
    keys = {compiled.paper(each, Script.CYRILLIC, tmp_path).key for each in (version, other)}
    assert len(keys) == 2
    assert "Нешто друго." in " ".join(_text(other, tmp_path).split())


def _text(version: Version, folder: Path) -> str:
    pdf = compiled.paper(version, Script.CYRILLIC, folder).pdf
    return PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_two_presses_with_their_own_folders_print_the_same(tmp_path: Path) -> None:
    contract = papers.shipped("contract")[0]
    presses = [Press(PRESS.key, tmp_path / name) for name in ("one", "other")]
    assert len({tuple(packet.content(CASE, contract, press)) for press in presses}) == 1

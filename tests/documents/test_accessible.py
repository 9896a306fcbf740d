"""Papers for who cannot see them: what is read out, what is furniture, and no picture changes."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
from weasyprint import HTML

from registration.documents import accessible, contexts, rendering
from registration.documents.papers import Version
from tests.documents.case import CASE
from tests.documents.ways import ALL, WAYS, tagged

VERSIONS = list(dict(ALL))
NAMED = {"/H1", "/H2", "/P", "/L", "/LI", "/Table"}  # what a reader tells of


@pytest.fixture(params=VERSIONS, ids=lambda version: f"{version.kind}-{version.code}")
def version(request: pytest.FixtureRequest) -> Version:
    found: Version = request.param
    return found


def untouched(version: Version) -> bytes:
    """Return a paper as WeasyPrint tags it."""
    values = contexts.values(CASE)
    return rendering.render(version, values, CASE.script, accessible.VARIANT).pdf


def pictures(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=2).to_pil().tobytes() for page in document]
    finally:
        document.close()


def furniture(pdf: bytes) -> list[list[str]]:
    """Return the kinds of artifacts that a page declares, in the order of drawing."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [list(_artifacts(page)) for page in document.pages]


def _artifacts(page: pikepdf.Page) -> Iterator[str]:
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BDC" and operands[0] == "/Artifact":
            yield str(operands[1].get("/Subtype", operands[1].Type))


def structure(pdf: bytes, roles: set[str]) -> list[str]:
    """Return the elements with these roles in the order in which they are read."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [each for each in _roles(document.Root.StructTreeRoot.K[0]) if each in roles]


def _roles(element: Any) -> Iterator[str]:
    yield str(element.S)
    for kid in element.K:
        if isinstance(kid, pikepdf.Dictionary):
            yield from _roles(kid)


def test_every_page_looks_as_before(version: Version) -> None:
    assert pictures(tagged(version, CASE)) == pictures(untouched(version))


def test_what_stands_round_the_paper_is_not_read_out(version: Version) -> None:
    # No office on the terms, no number of a copy on the notice.
    lines = {"terms": 7, "notice": 7, "folder": 0, "box": 0}.get(version.kind, 8)
    for page in furniture(tagged(version, CASE)):
        assert len(page) == lines
        assert set(page) == ({"/Header", "/Footer"} if lines else set())


def test_nothing_that_is_read_out_is_lost(version: Version) -> None:
    with pikepdf.open(BytesIO(tagged(version, CASE))) as document:
        tree = document.Root.StructTreeRoot
        (whole,) = tree.K
        assert {part.S for part in whole.K} == {"/Part"}
        for page, parents in zip(document.pages, tree.ParentTree.Nums[1::2], strict=True):
            marked = {
                int(operands[1].MCID)
                for operands, operator in pikepdf.parse_content_stream(page)
                if str(operator) == "BDC" and "/MCID" in operands[1]
            }
            assert marked == {at for at, each in enumerate(parents) if each is not None}


def test_a_grid_is_read_cell_by_cell_under_its_heading() -> None:
    request = next(version for version in VERSIONS if version.kind == "request")
    assert structure(untouched(request), {"/H2", "/Table"}) == ["/Table"] * 3
    assert structure(tagged(request, CASE), {"/H1", "/H2", "/Table"}) == ["/H1"] + ["/H2"] * 3


def test_a_table_with_headers_stays_one() -> None:
    page = "<table><tr><th>а<th>б<tr><td>1<td>2</table>"
    assert structure(accessible.complete(html(page)), {"/Table", "/TH"}) == ["/Table", "/TH", "/TH"]


def test_a_row_across_a_grid_is_a_heading() -> None:
    page = "<h1>а</h1><table><tr><th colspan=2>б<tr><td>1<td>2<tr><th colspan=2>в<tr><td>3</table>"
    read = structure(accessible.complete(html(page)), {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"})
    assert read == ["/H1", "/H2", "/P", "/P", "/H2", "/P"]


def test_a_picture_in_the_header_is_furniture() -> None:
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9"/></svg>'
    )
    page = (
        "<style>@page { size: A4; margin: 20mm; @top-left { content: element(state) } }"
        "header { position: running(state) }</style>"
        f"<header>{drawn}</header><main><h1>Лист</h1></main>"
    )
    written: bytes = HTML(string=f'<html lang="sr"><title>Лист</title>{page}').write_pdf(
        pdf_variant=accessible.VARIANT
    )
    assert furniture(accessible.complete(written)) == [["/Header"]]


def test_a_heading_of_two_lines_is_one() -> None:
    page = '<h1>УГОВОР <span style="display: block">о услузи</span></h1><h2>Члан 1.</h2>'
    assert structure(html(page), {"/H1", "/H2"}) == ["/H1", "/H1", "/H2"]
    assert structure(accessible.complete(html(page)), {"/H1", "/H2"}) == ["/H1", "/H2"]


def html(body: str) -> bytes:
    """Return a tagged page."""
    page = f'<html lang="sr"><title>Лист</title><main>{body}</main>'
    written: bytes = HTML(string=page).write_pdf(pdf_variant=accessible.VARIANT)
    return written


def test_codes_are_not_read_out() -> None:
    for pdf in WAYS["rendered"].make(CASE).values():
        assert [each[-1] for each in furniture(pdf)] == ["/Pagination"] * len(pictures(pdf))


def test_what_has_no_tags_is_refused() -> None:
    plain = rendering.render(VERSIONS[0], contexts.values(CASE), CASE.script)
    with pytest.raises(accessible.UntaggedError, match="not tagged"):
        accessible.complete(plain.pdf)


def test_what_would_be_furniture_as_a_whole_is_refused() -> None:
    page: bytes = HTML(string='<html lang="sr"><title>Лист</title><p>а').write_pdf(
        pdf_variant=accessible.VARIANT
    )
    with pytest.raises(accessible.UntaggedError, match="no <main>"):
        accessible.complete(page)

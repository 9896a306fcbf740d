"""The packet as it comes from the printer: words, codes in two corners, PDF/A."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from registration.documents import codes, packet, papers
from registration.documents.codes import CodeKey
from registration.documents.packet import RenderedPacket
from tests.documents.case import APPLICANT, CASE, ON, WANTED

KEY = CodeKey("A", bytes(range(32)))


@pytest.fixture(scope="module")
def printed() -> RenderedPacket:
    return packet.render(CASE, WANTED, key=KEY)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def found_codes(pdf: bytes, page: int) -> list[str]:
    """Read the page's picture as a scanner would see it, the upper code first."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page].render(scale=300 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    symbols = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return [each.text for each in sorted(symbols, key=lambda each: each.position.top_left.y)]


def test_each_paper_is_a_file_and_all_are_one_to_print(printed: RenderedPacket) -> None:
    assert [(each.kind, each.copy) for each in printed.papers] == [
        ("request", 1),
        ("terms", 1),
        ("terms", 2),
        ("contract", 1),
        ("contract", 2),
    ]
    pages = [len(each.pages) for each in printed.papers]
    assert [len(PdfReader(BytesIO(each.pdf)).pages) for each in printed.papers] == pages
    assert len(PdfReader(BytesIO(printed.pdf)).pages) == sum(pages)


def test_every_printed_page_bears_its_code_in_two_corners(printed: RenderedPacket) -> None:
    expected = [page.code for paper in printed.papers for page in paper.pages]
    assert len(set(expected)) == len(expected)
    assert [found_codes(printed.pdf, at) for at in range(len(expected))] == [
        [code, code] for code in expected
    ]


def test_every_code_is_bound_to_its_pages_content(printed: RenderedPacket) -> None:
    for paper in printed.papers:
        for page in paper.pages:
            assert codes.verify(page.code, page.content_hash, KEY)
            assert codes.human_line(page.code) in words(paper.pdf)


def test_the_copies_differ_in_their_stamp_only(printed: RenderedPacket) -> None:
    first, second = (each for each in printed.papers if each.kind == "contract")
    assert [page.content_hash for page in first.pages] == [
        page.content_hash for page in second.pages
    ]
    assert "примерак 1 — за регистрационо тело" in words(first.pdf)
    assert "примерак 2 — за корисника" in words(second.pdf)


@pytest.mark.parametrize("at", range(6))
def test_every_file_declares_pdf_a_and_keeps_to_it(printed: RenderedPacket, at: int) -> None:
    pdf = [printed.pdf, *(each.pdf for each in printed.papers)][at]
    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
        fonts = [each for each in document.objects if _is_font(each)]
        assert fonts
        assert all(_is_embedded(each) for each in fonts)
        assert not document.is_encrypted


def _is_font(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"


def _is_embedded(descriptor: pikepdf.Dictionary) -> bool:
    return any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))


def test_the_request_says_what_the_citizen_asked_for(printed: RenderedPacket) -> None:
    text = words(printed.papers[0].pdf)
    for said in ("Ђорђевић", "0101990610020", "009876543", "15.03.2032.", "milica@example.com"):
        assert said in text
    assert "1 Издавање сертификата" in text
    assert "2 Обнављање сертификата" in text


def test_what_a_citizen_is_called_is_never_read_as_a_template() -> None:
    nasty = replace(APPLICANT, surname="<b>{{ law }}</b>")
    rendered = packet.render(replace(CASE, applicant=nasty), WANTED[:1], key=KEY)
    assert "<b>{{ law }}</b>" in words(rendered.pdf)


def test_a_very_long_name_stays_on_one_page() -> None:
    long = replace(
        APPLICANT, surname="Петровић-Његошевићева Александровић", given_name="Александра Марија"
    )
    rendered = packet.render(replace(CASE, applicant=long), WANTED[:1], key=KEY)
    assert len(rendered.papers[0].pages) == 1


def test_a_request_that_was_brought_gets_its_cover() -> None:
    case = replace(CASE, contract_requested=False, contract_waiver="не жели га")
    rendered = packet.render(case, [(papers.current("cover", ON), 1)], key=KEY)
    text = words(rendered.pdf)
    assert "који је корисник донео попуњен и потписан" in text
    assert "не тражи се: не жели га" in text
    assert found_codes(rendered.pdf, 0) == [rendered.papers[0].pages[0].code] * 2


def test_before_the_first_version_there_is_no_paper() -> None:
    with pytest.raises(papers.PaperMissingError):
        papers.current("terms", ON.replace(year=2000))

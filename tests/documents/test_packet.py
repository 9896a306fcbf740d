"""The packet as it comes from the printer: words, codes in two corners, PDF/A."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from registration.documents import codes, packet, papers
from registration.documents.packet import PrintedPacket
from tests.documents.case import APPLICANT, CASE, PRESS, WANTED


@pytest.fixture(scope="module")
def printed() -> PrintedPacket:
    return packet.make(CASE, WANTED, PRESS)


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


def test_each_paper_is_a_file_and_all_are_one_to_print(printed: PrintedPacket) -> None:
    assert [(each.version.kind, each.copy) for each in printed.papers] == [
        ("request", 1),
        ("terms", 1),
        ("terms", 2),
        ("contract", 1),
        ("contract", 2),
    ]
    pages = [len(each.pages) for each in printed.papers]
    assert [len(PdfReader(BytesIO(each.pdf)).pages) for each in printed.papers] == pages
    assert len(PdfReader(BytesIO(printed.pdf)).pages) == sum(pages)


def test_every_printed_page_bears_its_code_in_two_corners(printed: PrintedPacket) -> None:
    expected = [page.code for paper in printed.papers for page in paper.pages]
    assert len(set(expected)) == len(expected)
    assert [found_codes(printed.pdf, at) for at in range(len(expected))] == [
        [code, code] for code in expected
    ]


def test_every_code_is_bound_to_its_pages_content(printed: PrintedPacket) -> None:
    for paper in printed.papers:
        for page in paper.pages:
            assert codes.verify(page.code, page.content_hash, PRESS.key)
            assert codes.human_line(page.code) in words(paper.pdf)


def test_the_copies_differ_in_their_stamp_only(printed: PrintedPacket) -> None:
    first, second = (each for each in printed.papers if each.version.kind == "contract")
    assert [page.content_hash for page in first.pages] == [
        page.content_hash for page in second.pages
    ]
    assert "примерак 1 — за регистрационо тело" in words(first.pdf)
    assert "примерак 2 — за корисника" in words(second.pdf)


@pytest.mark.parametrize("at", range(6))
def test_every_file_declares_pdf_a_and_keeps_to_it(printed: PrintedPacket, at: int) -> None:
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


def test_the_request_says_what_the_citizen_asked_for(printed: PrintedPacket) -> None:
    text = words(printed.papers[0].pdf)
    for said in ("Ђорђевић", "0101990610020", "009876543", "15.03.2032.", "milica@example.com"):
        assert said in text
    assert "1 Издавање сертификата" in text
    assert "2 Обнављање сертификата" in text


@pytest.mark.parametrize("tail", ["", " и све што уз то име не стане у један ред"])
def test_what_a_citizen_is_called_is_never_read_as_markup(tail: str) -> None:
    nasty = replace(APPLICANT, surname=f"<b>{{{{ law }}}}</b>{tail}")
    made = packet.make(replace(CASE, applicant=nasty), WANTED[:1], PRESS)
    assert made.papers[0].way == ("rendered" if tail else "stamped")
    assert "<b>{{ law }}</b>" in words(made.pdf)


def test_letters_that_no_font_has_are_refused() -> None:
    foreign = replace(APPLICANT, surname="Ђорђевић 漢字")
    with pytest.raises(packet.UnprintableError) as refused:
        packet.make(replace(CASE, applicant=foreign), WANTED[:1], PRESS)
    assert refused.value.letters == "漢字"


@pytest.mark.parametrize(
    "name", ["Őze Ľubomíra", "Țepeș Ünal", "Joffrey Fischer-Șerifli", "О’Брајен"]
)
def test_names_of_minorities_are_written_in_our_hand(name: str) -> None:
    made = packet.make(replace(CASE, applicant=replace(APPLICANT, surname=name)), WANTED[:1], PRESS)
    assert made.papers[0].way == "stamped"
    assert name in words(made.pdf)


def test_a_very_long_name_stays_on_one_page() -> None:
    long = replace(
        APPLICANT,
        surname="Петровић-Његошевићева Александровић Константиновић",
        given_name="Александра Марија Антоанета Магдалена",
    )
    made = packet.make(replace(CASE, applicant=long), WANTED[:1], PRESS)
    assert [(paper.way, len(paper.pages)) for paper in made.papers] == [("rendered", 1)]


def test_a_request_that_was_brought_gets_its_cover() -> None:
    case = replace(CASE, contract_requested=False, contract_waiver="не жели га")
    made = packet.make(case, [(papers.shipped("cover")[0], 1)], PRESS)
    text = words(made.pdf)
    assert "који је корисник донео попуњен и потписан" in text
    assert "не тражи се: не жели га" in text
    assert found_codes(made.pdf, 0) == [made.papers[0].pages[0].code] * 2


def test_the_head_of_the_log_stands_in_the_foot_of_each_page_and_is_bound_to_no_code(
    printed: PrintedPacket,
) -> None:
    headed = packet.make(replace(CASE, head="123456789: 9f3a 77c0 12de 34ab"), WANTED, PRESS)
    for before, paper in zip(printed.papers, headed.papers, strict=True):
        assert paper.pages == before.pages
        for page in PdfReader(BytesIO(paper.pdf)).pages:
            assert "Дневник 123456789: 9f3a 77c0 12de 34ab" in page.extract_text()

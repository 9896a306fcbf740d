"""A page read in full, and the paper that the archive keeps of it."""

from io import BytesIO

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from numpy.random import Generator
from pypdf import PdfReader

from registration.documents import codes
from registration.intake import alterations, imagestacks, layer, marks, naming, reading
from registration.intake.ink import Answer
from registration.intake.layer import Leaf
from registration.intake.naming import Verdict
from registration.intake.reading import Office, PageFinding
from registration.intake.scans import Original, ScannedPage
from tests.intake import desk, dirt, files, forgeries, scanner
from tests.intake.born import Born
from tests.intake.conftest import Pages, office_of
from tests.intake.desk import Filled
from tests.intake.scanner import Scanner, Sheet

REQUEST, CONTRACT = ("request", 1, 1), ("contract", 1, 2)


def scanned(rng: Generator, page: Born, how: Scanner, *, signing: float = 1) -> ScannedPage:
    sheet = desk.filled(rng, page, signing=signing, circling=1).sheet
    return files.page(scanner.scan(rng, sheet, how), how.dpi)


@pytest.fixture(scope="module")
def filled(packet: Pages) -> Filled:
    """Return the request, signed in both boxes, with an option circled."""
    return desk.filled(np.random.default_rng(8), packet[REQUEST], signing=1, circling=1)


@pytest.fixture(scope="module")
def scan(filled: Filled) -> ScannedPage:
    """Return it as scanned: upside down and skewed, in colour."""
    how = Scanner(mode="colour", skew=3, upside_down=1)
    return files.page(scanner.scan(np.random.default_rng(8), filled.sheet, how), how.dpi)


@pytest.fixture(scope="module")
def finding(scan: ScannedPage, office: Office) -> PageFinding:
    return reading.read(scan, office)


def test_a_signed_request_is_read(finding: PageFinding, filled: Filled) -> None:
    assert finding.name.verdict == Verdict.NAMED
    assert len(finding.name.symbols) == 2
    answers = {each.found.zone.name: each.found.answer for each in finding.signatures}
    assert answers == {"citizen": Answer.SIGNED, "officer": Answer.SIGNED}
    assert filled.circled
    assert finding.choice is not None
    choice = finding.choice.found
    assert (choice.answer, choice.number) == (Answer.SIGNED, filled.circled)
    assert finding.altered == 0


def test_the_seals_place_of_a_contract_is_read(
    rng: Generator, packet: Pages, office: Office
) -> None:
    found = reading.read(scanned(rng, packet[CONTRACT], Scanner(dpi=200)), office)
    (seal,) = found.seals
    assert (seal.found.zone.name, seal.found.answer) == ("seal", Answer.SIGNED)
    shape = cv2.imdecode(np.frombuffer(seal.cut, np.uint8), cv2.IMREAD_UNCHANGED).shape
    assert shape == (319, 319, 3)


def test_what_the_officer_is_shown_is_upright_and_in_colour(finding: PageFinding) -> None:
    cuts = [each.cut for each in finding.signatures]
    pictures = [cv2.imdecode(np.frombuffer(cut, np.uint8), cv2.IMREAD_UNCHANGED) for cut in cuts]
    for high, wide, colours in (each.shape for each in pictures):
        assert (abs(high - 214), abs(wide - 496), colours) <= (1, 1, 3)
    for picture in pictures:
        line = picture[150:162].min(0).mean()  # the printed line below the box
        assert line < picture[60:72].mean() - 60


def test_the_same_scan_gives_the_same_cuts(
    scan: ScannedPage, office: Office, finding: PageFinding
) -> None:
    again = reading.read(scan, office)
    assert [each.cut for each in again.signatures] == [each.cut for each in finding.signatures]


def test_a_superseded_page_is_named_and_not_read(scan: ScannedPage, packet: Pages) -> None:
    found = reading.read(scan, office_of(packet, superseded="printed again"))
    assert (found.name.verdict, found.placing) == (Verdict.SUPERSEDED, None)
    assert found.signatures == ()


def test_a_page_assigned_by_hand_is_read_like_any_other(
    rng: Generator, packet: Pages, office: Office
) -> None:
    page = packet[CONTRACT]
    marks_ = [mark for zone in page.page.zones_of("code") for mark in dirt.torn(rng, zone.rect)]
    sheet = Sheet(page.page.pdf, page.page.number, tuple(marks_))
    torn = files.page(scanner.scan(rng, sheet, Scanner(dpi=200)), 200)
    assert reading.read(torn, office).name.verdict == Verdict.UNREADABLE
    name = naming.judge(codes.human_line(page.code), office.key, office.lookup)
    found = reading.examined(torn, name, office)
    assert {each.found.answer for each in found.signatures} == {Answer.EMPTY}
    assert found.matched > 0.9


def test_a_page_that_bears_anothers_code_is_told_by_its_print(
    rng: Generator, packet: Pages, office: Office
) -> None:
    code = naming.judge(packet["terms", 1, 2].code, office.key, office.lookup)
    found = reading.examined(scanned(rng, packet[CONTRACT], Scanner(dpi=150)), code, office)
    assert found.placing is None
    assert found.matched < 0.4


def test_a_preview_is_small_and_turned(scan: ScannedPage) -> None:
    upright, lying = (reading.preview(scan, turn) for turn in (0, 90))
    assert len(upright) < 150_000
    assert cv2.imdecode(np.frombuffer(upright, np.uint8), 1).shape == (1053, 744, 3)
    assert cv2.imdecode(np.frombuffer(lying, np.uint8), 1).shape == (744, 1053, 3)


def test_alterations_are_flagged_where_they_are(rng: Generator, packet: Pages) -> None:
    page = packet["terms", 1, 1].page
    missed = []
    for _time in range(7):
        how, word, marks_ = forgeries.alter(rng, page.pdf, page.number)
        flat = scanner.laid(Sheet(page.pdf, page.number, tuple(marks_)))
        found = alterations.find(marks.page(scanner.at(flat, 200), page, 0.05), page)
        if not any(abs(each.rect.top - word.top) < 6 for each in found):
            missed.append(how)
    assert len(missed) <= 1, missed


def test_ink_in_its_places_is_no_alteration(rng: Generator, packet: Pages) -> None:
    for key in (REQUEST, CONTRACT):
        sheet = desk.filled(rng, packet[key], signing=1, circling=1).sheet
        seen = marks.page(scanner.at(scanner.laid(sheet), 200), packet[key].page, 0.05)
        assert alterations.find(seen, packet[key].page) == []


# the archive's copy


@pytest.fixture(scope="module")
def kept(scan: ScannedPage, finding: PageFinding, packet: Pages) -> bytes:
    return layer.paper([Leaf(scan, packet[REQUEST].page, finding.placing)], "Захтев")


def test_the_jpeg_is_kept_to_the_bit(kept: bytes, scan: ScannedPage) -> None:
    with pikepdf.open(BytesIO(kept)) as document:
        stream = document.pages[0].Resources.XObject.Scan
        assert stream.read_raw_bytes() == scan.original.data


def test_the_words_lie_upon_their_pictures(kept: bytes) -> None:
    """Each letter of the layer lies where ink is, and the page looks as it was born, upright."""
    document = pypdfium2.PdfDocument(kept)
    try:
        page = document[0]
        picture = page.render(scale=2, grayscale=True).to_numpy()
        left, _bottom, _right, top = page.get_mediabox()
        boxes = letters(page.get_textpage())
    finally:
        document.close()
    dark = [
        picture[
            int((top - high) * 2) : int((top - low) * 2) + 1,
            int((a - left) * 2) : int((b - left) * 2) + 1,
        ].min(initial=255)
        for a, low, b, high in boxes
    ]
    assert len(dark) > 500
    assert np.mean(np.array(dark) < 150) > 0.98


def letters(text: pypdfium2.PdfTextPage) -> list[tuple[float, float, float, float]]:
    """Return where each letter stands: left, bottom, right, top."""
    every = range(text.count_chars())
    inked = [at for at in every if not text.get_text_range(at, 1).isspace()]
    return [text.get_charbox(at) for at in inked]


def test_what_was_printed_is_found_by_search(kept: bytes) -> None:
    document = pypdfium2.PdfDocument(kept)
    try:
        assert document[0].get_textpage().search("Ђорђевић").get_next() is not None
    finally:
        document.close()


def test_the_text_is_the_born_one_and_the_file_says_so(kept: bytes, packet: Pages) -> None:
    own = PdfReader(BytesIO(packet[REQUEST].page.pdf)).pages[0].extract_text()
    layered = PdfReader(BytesIO(kept)).pages[0].extract_text()
    assert sorted(layered.split()) == sorted(own.split())
    with pikepdf.open(BytesIO(kept)) as document, document.open_metadata() as facts:
        assert facts["pdf:Keywords"] == layer.MARK
        assert facts["dc:description"] == layer.DESCRIPTION
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")


def test_every_kind_of_picture_passes_the_validator(
    rng: Generator, packet: Pages, office: Office
) -> None:
    verapdf = pytest.importorskip("tests.documents.verapdf")
    leaves = [
        _leaf(kind, rng, packet, office) for kind in ("jpeg", "fax", "png", "rgb", "unplaced")
    ]
    assert verapdf.findings(layer.paper(leaves, "Уговор"), "2b") == ()


@pytest.mark.parametrize("kind", ["fax", "png", "rgb", "unplaced"])
def test_pixels_are_kept_however_they_came(
    rng: Generator, packet: Pages, office: Office, kind: str
) -> None:
    leaf = _leaf(kind, rng, packet, office)
    with pikepdf.open(BytesIO(layer.paper([leaf], "Уговор"))) as document:
        image = pikepdf.PdfImage(document.pages[0].Resources.XObject.Scan).as_pil_image()
    seen = np.asarray(image.convert("RGB"))[:, :, ::-1]
    assert np.array_equal(seen, leaf.scan.colour())


def _leaf(kind: str, rng: Generator, packet: Pages, office: Office) -> Leaf:
    page = packet[CONTRACT].page
    mode = {"fax": "bilevel", "rgb": "colour"}.get(kind, "gray")
    picture = scanner.scan(rng, Sheet(page.pdf, page.number), Scanner(dpi=150, mode=mode))
    if kind in {"jpeg", "unplaced"}:
        scan = files.page(picture, 150)
    else:
        original = imagestacks.packed(files.image(picture, two_tones=kind == "fax"))
        scan = _scan(original, picture)
    place = None if kind == "unplaced" else reading.read(scan, office).placing
    assert place or kind == "unplaced"
    return Leaf(scan, page, place)


def _scan(original: Original, picture: np.ndarray) -> ScannedPage:
    high, wide = picture.shape[:2]
    return ScannedPage(1, original, original, wide, high, (150.0, 150.0))

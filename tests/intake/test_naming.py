"""Every page is named: upright or not, by one code or two, never by a code that proves nothing."""

import numpy as np
import pytest
from numpy.random import Generator

from registration.documents import codes
from registration.documents.zones import Rect
from registration.intake import cascade, naming, symbols
from registration.intake.naming import Verdict
from registration.intake.reading import Office
from registration.intake.scans import ScannedPage
from tests.intake import born, dirt, files, pens, scanner
from tests.intake.born import Born
from tests.intake.conftest import Pages, office_of
from tests.intake.pens import BLACK, Pen, Stroke
from tests.intake.scanner import Mark, Scanner, Sheet

FIRST, SECOND = Rect(185, 10, 15, 15), Rect(10, 268, 15, 15)
USUAL = Scanner()
REQUEST, CONTRACT = ("request", 1, 1), ("contract", 2, 2)


def scanned(
    rng: Generator, page: Born, how: Scanner = USUAL, marks: list[Mark] | None = None
) -> ScannedPage:
    sheet = Sheet(page.page.pdf, page.page.number, tuple(marks or ()))
    return files.page(scanner.scan(rng, sheet, how), how.dpi, how.quality)


def named(page: ScannedPage, office: Office) -> naming.Name:
    return naming.name(page, office.key, office.lookup)


@pytest.mark.parametrize(
    "how",
    [
        Scanner(dpi=150, mode="bilevel"),
        Scanner(dpi=150, quality=30, skew=4),
        Scanner(dpi=200, upside_down=1),
        Scanner(dpi=300, mode="colour", noise=8),
        Scanner(dpi=600),
    ],
    ids=["fax", "150 dpi, poor", "upside down", "colour", "600 dpi"],
)
def test_a_page_is_named_however_it_was_scanned(
    rng: Generator, packet: Pages, office: Office, how: Scanner
) -> None:
    name = named(scanned(rng, packet[CONTRACT], how), office)
    assert (name.verdict, name.text) == (Verdict.NAMED, packet[CONTRACT].code)
    assert name.code is not None
    assert (name.code.kind, name.code.copy, name.code.page) == CONTRACT


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_may_lie_on_its_side(
    rng: Generator, packet: Pages, office: Office, degrees: int
) -> None:
    picture = scanner.scan(rng, Sheet(packet[REQUEST].page.pdf, 1), Scanner(upside_down=0))
    turned = np.ascontiguousarray(np.rot90(picture, -degrees // 90))
    assert named(files.page(turned), office).text == packet[REQUEST].code


@pytest.mark.parametrize("spoilt", [FIRST, SECOND])
def test_one_code_is_enough(rng: Generator, packet: Pages, office: Office, spoilt: Rect) -> None:
    page = scanned(rng, packet[CONTRACT], Scanner(), dirt.torn(rng, spoilt))
    name = named(page, office)
    assert (name.verdict, len(name.symbols)) == (Verdict.NAMED, 1)


def test_without_a_code_a_page_goes_to_the_tray(
    rng: Generator, packet: Pages, office: Office
) -> None:
    marks = [*dirt.torn(rng, FIRST), *dirt.torn(rng, SECOND)]
    name = named(scanned(rng, packet[CONTRACT], Scanner(dpi=150), marks), office)
    assert (name.verdict, name.symbols) == (Verdict.UNREADABLE, ())


def test_the_number_line_names_it_by_hand(packet: Pages, office: Office) -> None:
    typed = codes.human_line(packet[CONTRACT].code).lower()
    name = naming.judge(typed, office.key, office.lookup)
    assert (name.verdict, name.code) == (Verdict.NAMED, codes.PageCode.parse(typed))


def test_a_code_of_an_earlier_print_run_is_known_with_its_reason(
    rng: Generator, packet: Pages
) -> None:
    office = office_of(packet, superseded="printed again")
    name = named(scanned(rng, packet[REQUEST]), office)
    assert (name.verdict, name.reason) == (Verdict.SUPERSEDED, "printed again")


def test_another_offices_page_is_foreign(rng: Generator, office: Office) -> None:
    other = born.packet_of(2)[0]
    name = named(scanned(rng, other, Scanner(dpi=150)), office)
    assert (name.verdict, name.text) == (Verdict.FOREIGN, other.code)


def test_a_code_that_proves_nothing_is_forged(packet: Pages, office: Office) -> None:
    code = packet[REQUEST].code
    forged = code[:-1] + ("B" if code[-1] != "B" else "C")
    assert naming.judge(forged, office.key, office.lookup).verdict == Verdict.FORGED
    assert naming.judge("HELLO", office.key, office.lookup).verdict == Verdict.FOREIGN


def test_two_sheets_in_one_picture_are_neither(
    rng: Generator, packet: Pages, office: Office
) -> None:
    here = scanner.scan(rng, Sheet(packet[REQUEST].page.pdf, 1), Scanner(dpi=150, upside_down=0))
    there = scanner.scan(rng, Sheet(packet[CONTRACT].page.pdf, 2), Scanner(dpi=150, upside_down=0))
    name = named(files.page(np.vstack([here[:900], there[900:]])), office)
    assert name.verdict == Verdict.UNREADABLE
    assert set(name.others) == {packet[REQUEST].code, packet[CONTRACT].code}


def test_an_empty_back_is_blank(rng: Generator, packet: Pages, office: Office) -> None:
    for marks in ([], dirt.holes(rng), dirt.specks(rng, Rect(0, 0, 210, 297))):
        back = Sheet(files.empty_pdf(), 1, tuple(marks))
        page = files.page(scanner.scan(rng, back, Scanner(dpi=200)))
        assert named(page, office).verdict == Verdict.BLANK


def test_what_shines_through_makes_no_page(rng: Generator, packet: Pages, office: Office) -> None:
    front = scanner.printed(packet[REQUEST].page.pdf, 1)
    for deep in (0.06, 0.11):
        back = Sheet(files.empty_pdf(), 1, tuple(dirt.show_through(front, deep)))
        page = files.page(scanner.scan(rng, back, Scanner(upside_down=0)))
        assert named(page, office).verdict == Verdict.BLANK


def test_a_code_seen_from_behind_is_none(packet: Pages) -> None:
    front = scanner.printed(packet[REQUEST].page.pdf, 1)
    assert len(symbols.read(front, thorough=True)) == 2
    assert symbols.read(np.ascontiguousarray(front[:, ::-1]), thorough=True) == []


def test_a_note_on_a_back_is_not_blank(rng: Generator) -> None:
    for contrast in (0.3, 0.9):
        lines = pens.word(rng, 60, 120, 7, 5)
        strokes = [Stroke(each, Pen(0.4, contrast, BLACK)) for each in lines]
        back = Sheet(files.empty_pdf(), 1, tuple(scanner.ink(rng, strokes)))
        assert not cascade.find(files.page(scanner.scan(rng, back, Scanner()))).blank

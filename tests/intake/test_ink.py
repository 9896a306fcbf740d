"""What hands leave: signatures, circles; and stamps, cups and folds, which are none."""

import numpy as np
import pytest
from numpy.random import Generator

from registration.documents.zones import Rect
from registration.intake import circles, ink, marks, rims, seals
from registration.intake.born import BornPage
from registration.intake.ink import Answer
from registration.intake.marks import Page
from tests.intake import dirt, pens, scanner
from tests.intake.conftest import Pages
from tests.intake.pens import BLACK, Pen, Stroke
from tests.intake.scanner import Mark, Sheet

PEN = Pen(0.4, 0.7, BLACK)


def paper(packet: Pages, key: tuple[str, int, int], marks_: list[Mark]) -> tuple[Page, BornPage]:
    """Return a page with marks as it lies after placing, without the way through a scanner."""
    page = packet[key].page
    flat = scanner.laid(Sheet(page.pdf, page.number, tuple(marks_)))
    return marks.page(scanner.at(flat, 200), page, 0.05), page


def answers(packet: Pages, key: tuple[str, int, int], marks_: list[Mark]) -> dict[str, Answer]:
    seen, page = paper(packet, key, marks_)
    return {zone.name: ink.read(seen, zone).answer for zone in page.zones_of("signature")}


def box(packet: Pages, key: tuple[str, int, int], role: str) -> Rect:
    zones = packet[key].page.zones_of("signature")
    return next(zone.rect for zone in zones if zone.name == role)


REQUEST, CONTRACT = ("request", 1, 1), ("contract", 1, 2)


def test_an_empty_page_is_not_signed(packet: Pages) -> None:
    assert answers(packet, REQUEST, []) == {"citizen": Answer.EMPTY, "officer": Answer.EMPTY}


def test_hands_by_the_law_are_seen(rng: Generator, packet: Pages) -> None:
    told = []
    for _time in range(12):
        hand = pens.signature(rng, box(packet, REQUEST, "citizen"))
        told.append(answers(packet, REQUEST, scanner.ink(rng, hand.strokes)))
    assert {each["officer"] for each in told} == {Answer.EMPTY}
    assert Answer.EMPTY not in {each["citizen"] for each in told}
    assert sum(each["citizen"] == Answer.SIGNED for each in told) >= 11


def test_a_stamp_upon_a_box_is_never_a_signature(rng: Generator, packet: Pages) -> None:
    rect = box(packet, REQUEST, "citizen")
    for shift in (0, 14):
        stamp = dirt.stamp(rng, rect.left + 30, rect.top + 8 + shift)
        assert answers(packet, REQUEST, stamp)["citizen"] == Answer.UNSURE
        signed = scanner.ink(rng, pens.signature(rng, rect).strokes)
        assert answers(packet, REQUEST, [*stamp, *signed])["citizen"] == Answer.UNSURE


def test_cups_folds_and_dust_are_no_signature(rng: Generator, packet: Pages) -> None:
    rect = box(packet, REQUEST, "citizen")
    middle = rect.left + 40, rect.top + 12
    for spots in (
        dirt.coffee(rng, middle[0] + 25, middle[1] + 10),
        dirt.fold(rng, middle[1]),
        dirt.specks(rng, rect),
    ):
        assert answers(packet, REQUEST, spots)["citizen"] != Answer.SIGNED


def test_one_straight_line_is_not_surely_a_signature(rng: Generator, packet: Pages) -> None:
    rect = box(packet, REQUEST, "citizen")
    line = np.array([[rect.left + 10, rect.top + 8], [rect.left + 50, rect.top + 14]])
    marks_ = scanner.ink(rng, [Stroke(line, PEN)])
    assert answers(packet, REQUEST, marks_)["citizen"] == Answer.UNSURE


def sealed(packet: Pages, marks_: list[Mark]) -> seals.Seal:
    seen, page = paper(packet, CONTRACT, marks_)
    return seals.read(seen, page.zones_of("seal")[0])


def test_a_stamp_in_its_place_is_seen(rng: Generator, packet: Pages) -> None:
    rect = packet[CONTRACT].page.zones_of("seal")[0].rect
    for shift in (-8, 0, 8):
        x, y = rect.left + rect.width / 2 + shift, rect.top + rect.height / 2
        seal = sealed(packet, dirt.stamp(rng, x, y))
        assert seal.answer == Answer.SIGNED
        assert 13 < seal.radius < 20


def test_a_seals_place_is_empty_only_where_it_is_clean(rng: Generator, packet: Pages) -> None:
    rect = packet[CONTRACT].page.zones_of("seal")[0].rect
    hand = pens.word(rng, rect.left + 5, rect.top + 20, 8)
    assert sealed(packet, []).answer == Answer.EMPTY
    for spots in (
        scanner.ink(rng, [Stroke(each, PEN) for each in hand]),
        dirt.coffee(rng, rect.left + 60, rect.top + 20),
    ):
        assert sealed(packet, spots).answer == Answer.UNSURE


def test_a_rim_is_peeled_and_writing_is_left(rng: Generator) -> None:
    turn = np.linspace(0, 2 * np.pi, 2000)
    rim = np.stack([50 + 15 * np.cos(turn), 50 + 15 * np.sin(turn)], 1)
    word = np.concatenate([np.repeat(each, 9, 0) for each in pens.word(rng, 40, 52, 6)])
    points = np.concatenate([rim, word]) + rng.normal(0, 0.05, (len(rim) + len(word), 2))
    kept, found = rims.peel(points, np.ones(len(points), np.bool_))
    assert [round(each.radius) for each in found if isinstance(each, rims.Circle)][:1] == [15]
    assert kept[: len(rim)].mean() < 0.02
    assert kept[len(rim) :].mean() > 0.8


@pytest.mark.parametrize("number", ["1", "2"])
def test_the_circled_number_is_read(rng: Generator, packet: Pages, number: str) -> None:
    zones = packet[REQUEST].page.zones_of("option")
    for _time in range(5):
        rect = next(zone.rect for zone in zones if zone.name == number)
        seen, page = paper(packet, REQUEST, scanner.ink(rng, pens.circle(rng, rect)))
        choice = circles.read(seen, page.zones_of("option"))
        assert (choice.answer, choice.number) == (Answer.SIGNED, number)


def test_none_both_or_a_cross_are_no_choice(rng: Generator, packet: Pages) -> None:
    first, second = (zone.rect for zone in packet[REQUEST].page.zones_of("option"))
    x, y = first.left + first.width / 2, first.top + first.height / 2
    cross = [np.array([[x - 2, y - 2], [x + 2, y + 2]]), np.array([[x - 2, y + 2], [x + 2, y - 2]])]
    both = [*pens.circle(rng, first), *pens.circle(rng, second)]
    for strokes, answer in (
        ([], Answer.EMPTY),
        (both, Answer.UNSURE),
        ([Stroke(each, PEN) for each in cross], Answer.UNSURE),
    ):
        seen, page = paper(packet, REQUEST, scanner.ink(rng, strokes))
        choice = circles.read(seen, page.zones_of("option"))
        assert (choice.answer, choice.number) == (answer, "")


def test_the_law_of_pens_holds() -> None:
    """At least a tenth each of pencils, initials and crossings; widths and contrasts in bounds."""
    rng = np.random.default_rng(5)
    every = [pens.signature(rng, Rect(20, 195, 76, 22.3)) for _time in range(1500)]
    for kind in ("pencil", "initials", "crossing"):
        assert sum(getattr(each, kind) for each in every) / len(every) >= 0.1, kind
    tools = [each.strokes[0].pen for each in every]
    assert all(0.2 <= tool.width <= 0.8 and 0.25 <= tool.contrast <= 0.9 for tool in tools)

"""A printed page is found in its scan to a fraction of a millimetre, however it went through."""

import numpy as np
import pytest
from numpy.random import Generator

from registration.intake import cascade, placing
from registration.intake.errors import NotPlacedError
from registration.intake.pictures import Floats
from tests.intake import files, scanner
from tests.intake.conftest import Pages
from tests.intake.scanner import Feed, Scanner, Sheet

SKEWED = Scanner(skew=3, feed=0.3)


def spread() -> Floats:
    """Return points all over a page, in mm."""
    x, y = np.meshgrid(np.linspace(20, 190, 7), np.linspace(20, 277, 9))
    return np.stack([x.ravel(), y.ravel()], 1)


def off(place: placing.Placing, feed: Feed, dpi: int) -> Floats:
    """Return by how many mm each point was misplaced."""
    away = place.scanned(spread()) - feed.scanned(spread())
    return np.hypot(*away.T) / (dpi / 25.4)


@pytest.mark.parametrize("codes", [2, 1, 0])
@pytest.mark.parametrize("how", [SKEWED, Scanner(dpi=150, mode="bilevel", upside_down=1)])
def test_a_page_is_found_with_two_codes_one_or_none(
    rng: Generator, packet: Pages, how: Scanner, codes: int
) -> None:
    page = packet["contract", 1, 2].page
    picture, feed = scanner.measured(rng, Sheet(page.pdf, page.number), how)
    scan = files.page(picture, how.dpi)
    place = placing.place(scan, cascade.find(scan).symbols[:codes], page)
    assert np.median(off(place, feed, how.dpi)) < 0.12
    assert off(place, feed, how.dpi).max() < 0.6
    assert place.error < 0.1
    assert place.matched > 0.9
    assert place.turn == (180 if feed.upside_down else 0)


@pytest.mark.parametrize("degrees", [90, 270])
def test_a_page_on_its_side_is_turned_upright(rng: Generator, packet: Pages, degrees: int) -> None:
    page = packet["request", 1, 1].page
    picture = scanner.scan(rng, Sheet(page.pdf, 1), Scanner(dpi=150, upside_down=0))
    turned = files.page(np.ascontiguousarray(np.rot90(picture, -degrees // 90)), 150)
    for symbols in (cascade.find(turned).symbols, ()):
        place = placing.place(turned, symbols, page)
        assert place.turn == 360 - degrees
        upright = place.straightened(turned.gray())
        assert upright[:400, :1000].mean() > 200
        assert abs(float(upright.mean()) - picture.mean()) < 4


def test_the_code_of_one_page_upon_another_is_noticed(rng: Generator, packet: Pages) -> None:
    here, there = packet["contract", 1, 2].page, packet["terms", 1, 2].page
    scan = files.page(scanner.scan(rng, Sheet(here.pdf, here.number), Scanner(dpi=150)), 150)
    with pytest.raises(NotPlacedError) as raised:
        placing.place(scan, cascade.find(scan).symbols, there)
    assert raised.value.matched < 0.4

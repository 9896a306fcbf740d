"""Stacks of scans for the benchmark of the intake, with what is true of every page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np
from numpy.random import Generator
from PIL import Image

from registration.documents.codes import PageCode
from registration.documents.zones import Rect
from registration.intake.born import BornPage
from registration.intake.naming import Known
from registration.intake.reading import Office
from registration.intake.scans import Original, ScannedPage
from tests.intake import born, desk, dirt, files, forgeries, scanner
from tests.intake.born import Born
from tests.intake.desk import Filled
from tests.intake.scanner import Mark, Scanner, Sheet

FAX = Scanner(dpi=150, mode="bilevel", noise=5)
CLEAN = (Scanner(), Scanner(mode="colour"))
SCANNERS = {"normal": CLEAN, "hit": CLEAN, "fax": (FAX,), "dirty": (*CLEAN, FAX)}
SCANNERS["altered"] = SCANNERS["dirty"]
BACKS = 0.1  # blank backs to a page
SEALED = 0.7  # of the places for a seal
TRAITS = ("pencil", "initials", "crossing")
CODES = (Rect(185, 10, 15, 15), Rect(10, 268, 15, 15))


@dataclass(frozen=True)
class Page:
    """A scanned page and what is true of it; `born` is None for a blank back.

    `boxes` tells by role which box is signed, `traits` what is special about its hands, `altered`
    how and where a word was changed.
    """

    original: Original
    dpi: int
    born: Born | None = None
    boxes: tuple[tuple[str, bool], ...] = ()
    traits: tuple[str, ...] = ()
    circled: str = ""
    sealed: bool = False
    altered: tuple[str, Rect] | None = None

    @property
    def scan(self) -> ScannedPage:
        """Return the page as a stack would give it."""
        with Image.open(BytesIO(self.original.data)) as image:
            wide, high = image.size
        dpi = float(self.dpi), float(self.dpi)
        return ScannedPage(1, self.original, self.original, wide, high, dpi)


@cache
def known() -> dict[tuple[str, str, int, int], Born]:
    """Return what the office has printed, by case, kind, copy and page; `packet` adds to it."""
    return {}


@cache
def packet(number: int) -> tuple[Born, ...]:
    """Print the packet of a case."""
    pages = born.packet_of(number)
    for each in pages:
        code = PageCode.parse(each.code)
        known()[code.case_number, code.kind, code.copy, code.page] = each
    return pages


def office() -> Office:
    return Office(born.KEY, _lookup, printed)


def printed(code: PageCode) -> BornPage | None:
    page = _found(code)
    return page.page if page else None


def _lookup(code: PageCode) -> Known | None:
    page = _found(code)
    return Known(page.content_hash) if page else None


def _found(code: PageCode) -> Born | None:
    return known().get((code.case_number, code.kind, code.copy, code.page))


def made(rng: Generator, kind: str, page: Born) -> Page:
    """Fill a page, do to it what its stack is about, and scan it."""
    filled = desk.filled(rng, page, sealing=SEALED)
    marks: list[Mark] = []
    altered = None
    if kind == "hit":
        marks = dirt.hit(rng, CODES[int(rng.integers(0, 2))])
    elif kind == "dirty":
        marks = [mark for zone in page.page.zones_of("signature") for mark in _dirt(rng, zone.rect)]
    elif kind == "altered":
        how, word, marks = forgeries.alter(rng, page.page.pdf, page.page.number)
        altered = how, word
    sheet = replace(filled.sheet, marks=(*filled.sheet.marks, *marks))
    return _told(Page(*_scanned(rng, sheet, kind), page, altered=altered), filled)


def _told(page: Page, filled: Filled) -> Page:
    boxes = tuple((role, hand is not None) for role, hand in filled.hands.items())
    hands = [hand for hand in filled.hands.values() if hand]
    traits = tuple(name for hand in hands for name in TRAITS if getattr(hand, name))
    facts = {"circled": filled.circled, "sealed": filled.sealed}
    return replace(page, boxes=boxes, traits=traits, **facts)


def _scanned(rng: Generator, sheet: Sheet, kind: str) -> tuple[Original, int]:
    how = SCANNERS[kind][int(rng.integers(0, len(SCANNERS[kind])))]
    picture = scanner.scan(rng, sheet, how)
    if how.mode == "bilevel":
        return Original("image/tiff", files.tiff([picture], how.dpi, compression="group4")), how.dpi
    jpeg = files.encoded(picture, "JPEG", how.dpi, quality=how.quality)
    return Original("image/jpeg", jpeg), how.dpi


def _dirt(rng: Generator, box: Rect) -> list[Mark]:
    """Put one thing that is no writing upon a box."""
    x, y = box.left + rng.random() * box.width, box.top + rng.random() * box.height
    what = int(rng.integers(0, 4))
    if what == 0:
        return dirt.stamp(rng, x, y + rng.uniform(0, 20))
    if what == 1:
        return dirt.coffee(rng, x + rng.uniform(-30, 30), y + rng.uniform(-30, 30))
    return dirt.fold(rng, y) if what == 2 else dirt.specks(rng, box)


def stack(pool: Pool, seed: Sequence[int], kind: str, packets: int) -> list[Page]:
    """Mix the packets of several cases, in any order, with some blank backs."""
    fronts = [(number, at) for number in range(1, packets + 1) for at in range(len(packet(number)))]
    backs = fronts[:: round(1 / BACKS)]
    sheets = [(*each, False) for each in fronts] + [(*each, True) for each in backs]
    order = np.random.default_rng(seed).permutation(len(sheets))
    return pool.starmap(_sheet, [([*seed, at], kind, *sheets[at]) for at in order.tolist()])


def _sheet(seed: Sequence[int], kind: str, number: int, at: int, is_back: bool) -> Page:  # noqa: FBT001
    rng = np.random.default_rng(seed)
    front = packet(number)[at]
    return _back(rng, kind, front) if is_back else made(rng, kind, front)


def _back(rng: Generator, kind: str, front: Born) -> Page:
    """Scan the empty back of a page, with what shines through of its front."""
    print_ = scanner.printed(front.page.pdf, front.page.number)
    marks = dirt.show_through(print_, rng.uniform(0, 0.1))
    return Page(*_scanned(rng, Sheet(files.empty_pdf(), 1, tuple(marks)), kind))


def file(pages: Sequence[Page], path: Path) -> Path:
    """Write a PDF as a scanner does: one picture a page, JPEG or CCITT."""
    jpegs = [each.original.data for each in pages if each.original.media == "image/jpeg"]
    faxes = [each.original.data for each in pages if each.original.media == "image/tiff"]
    path.write_bytes(files.pdf(jpegs) if jpegs else files.faxes(faxes))
    return path

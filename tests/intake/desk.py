"""What citizens and officers do to printed pages, and what is true of them afterwards."""

from dataclasses import dataclass, field

from numpy.random import Generator

from tests.intake import dirt, pens
from tests.intake.born import Born
from tests.intake.pens import Hand
from tests.intake.scanner import Mark, Sheet, ink


@dataclass(frozen=True)
class Filled:
    """A page after the counter: `hands` by role, None for an empty box; `circled` the option.

    `sealed` tells whether the body's stamp lies in its place.
    """

    sheet: Sheet
    hands: dict[str, Hand | None] = field(default_factory=dict)
    circled: str = ""
    sealed: bool = False


def filled(
    rng: Generator, page: Born, *, signing: float = 0.5, circling: float = 0.9, sealing: float = 1
) -> Filled:
    """Sign boxes, circle an option and put the body's stamp in its place with these chances."""
    zones = page.page.zones
    boxes = [zone for zone in zones if zone.kind == "signature"]
    hands = {
        zone.name: pens.signature(rng, zone.rect) if rng.random() < signing else None
        for zone in boxes
    }
    options = [zone for zone in zones if zone.kind == "option"]
    chosen = options[int(rng.integers(0, len(options)))] if options else None
    circled = chosen if chosen and rng.random() < circling else None
    marks = [mark for hand in hands.values() if hand for mark in ink(rng, hand.strokes)]
    if circled:
        marks += ink(rng, pens.circle(rng, circled.rect))
    stamps = _stamps(rng, page) if rng.random() < sealing else []
    sheet = Sheet(page.page.pdf, page.page.number, (*marks, *stamps))
    return Filled(sheet, hands, circled.name if circled else "", bool(stamps))


def _stamps(rng: Generator, page: Born) -> list[Mark]:
    rects = [zone.rect for zone in page.page.zones if zone.kind == "seal"]
    return [
        mark
        for rect in rects
        for mark in dirt.stamp(
            rng,
            rect.left + rect.width / 2 + rng.uniform(-10, 10),
            rect.top + rect.height / 2 + rng.uniform(-1, 3),
        )
    ]

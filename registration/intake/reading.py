"""One page read in full: name, place, ink, alterations; with cuts for the officer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from registration.documents.codes import CodeKey, PageCode
from registration.documents.zones import Rect
from registration.intake import alterations, circles, ink, marks, naming, pictures, placing, seals
from registration.intake.alterations import Alteration
from registration.intake.born import BornPage
from registration.intake.circles import Choice
from registration.intake.errors import NotPlacedError
from registration.intake.ink import Signature
from registration.intake.marks import Page
from registration.intake.naming import Lookup, Name, Verdict
from registration.intake.pictures import Picture
from registration.intake.placing import Placing
from registration.intake.scans import ScannedPage
from registration.intake.seals import Seal

CUT_DPI = 150
_ABOUT_BOX = 4.0, 4.0, 4.0, 10.0  # mm left of, above, right of and below a signature box
_ABOUT_SEAL = 6.0, 6.0, 6.0, 6.0
_ABOUT_OPTIONS = 7.0, 7.0, 50.0, 7.0
_ABOUT_WORD = 12.0, 5.0, 12.0, 5.0
_SHOWN = 24  # alterations of one page that get a cut; with more it is another text altogether
_PREVIEW = 90  # dpi of A4, about

Found = TypeVar("Found")


@dataclass(frozen=True)
class Office:
    """What the caller knows: its key, its pages by their code, and how each was printed."""

    key: CodeKey
    lookup: Lookup
    born: Callable[[PageCode], BornPage | None]


@dataclass(frozen=True)
class Shown(Generic[Found]):
    """A finding and the PNG on which a person can confirm it: upright, in colour, CUT_DPI."""

    found: Found
    cut: bytes


@dataclass(frozen=True)
class PageFinding:
    """All that a page says. Only a page that was named and placed has more than its name.

    `matched` is the share of printed places that were found: what is named and not placed bears
    the code of another page. `altered` counts alterations also beyond those that are shown.
    """

    number: int
    name: Name
    placing: Placing | None = None
    matched: float = 0.0
    signatures: tuple[Shown[Signature], ...] = ()
    seals: tuple[Shown[Seal], ...] = ()
    choice: Shown[Choice] | None = None
    alterations: tuple[Shown[Alteration], ...] = ()
    altered: int = 0


def read(page: ScannedPage, office: Office) -> PageFinding:
    """Read one page; raise BrokenError where its picture cannot be decoded."""
    name = naming.name(page, office.key, office.lookup)
    return examined(page, name, office)


def examined(page: ScannedPage, name: Name, office: Office) -> PageFinding:
    """Read a page that has its name already, from its codes or from a person."""
    printed = office.born(name.code) if name.code and name.verdict == Verdict.NAMED else None
    if printed is None:
        return PageFinding(page.number, name)
    try:
        place = placing.place(page, name.symbols, printed)
    except NotPlacedError as error:
        return PageFinding(page.number, name, matched=error.matched)
    return _finding(page, name, printed, place)


def straightened(page: ScannedPage, printed: BornPage, place: Placing) -> Page:
    """Return a page as it lay when it was printed, and what of it is not print."""
    shrink = page.full_shrink
    return marks.page(place.straightened(page.gray(shrink), shrink), printed, place.error)


def preview(page: ScannedPage, turn: int) -> bytes:
    """Return a small JPEG of a whole page, turned by so many degrees clockwise: 0, 90, 180, 270."""
    across = min(page.width, page.height)
    ratio = min(1.0, 8.27 * _PREVIEW / across)
    picture = page.colour(page.work_shrink)
    small = pictures.resized(picture, round(page.width * ratio), round(page.height * ratio))
    return pictures.jpeg(pictures.turned(small, turn), 80)


def _finding(page: ScannedPage, name: Name, printed: BornPage, place: Placing) -> PageFinding:
    seen = straightened(page, printed, place)
    altered = alterations.find(seen, printed)
    view = _View(page, place)
    return PageFinding(
        page.number,
        name,
        place,
        place.matched,
        signatures=tuple(_signatures(seen, printed, view)),
        seals=tuple(_seals(seen, printed, view)),
        choice=_choice(seen, printed, view),
        alterations=tuple(
            Shown(each, view.cut(each.rect, _ABOUT_WORD)) for each in altered[:_SHOWN]
        ),
        altered=len(altered),
    )


def _signatures(seen: Page, printed: BornPage, view: "_View") -> Iterator[Shown[Signature]]:
    for zone in printed.zones_of("signature"):
        yield Shown(ink.read(seen, zone), view.cut(zone.rect, _ABOUT_BOX))


def _seals(seen: Page, printed: BornPage, view: "_View") -> Iterator[Shown[Seal]]:
    for zone in printed.zones_of("seal"):
        yield Shown(seals.read(seen, zone), view.cut(zone.rect, _ABOUT_SEAL))


def _choice(seen: Page, printed: BornPage, view: "_View") -> Shown[Choice] | None:
    zones = printed.zones_of("option")
    if not zones:
        return None
    around = _around([zone.rect for zone in zones])
    return Shown(circles.read(seen, zones), view.cut(around, _ABOUT_OPTIONS))


def _around(rects: Sequence[Rect]) -> Rect:
    left, top = min(each.left for each in rects), min(each.top for each in rects)
    right = max(each.left + each.width for each in rects)
    bottom = max(each.top + each.height for each in rects)
    return Rect(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class _View:
    """The page in colour, decoded when a first cut is asked for."""

    page: ScannedPage
    placing: Placing

    @cached_property
    def _picture(self) -> Picture:
        return self.page.colour(self.page.work_shrink)

    def cut(self, rect: Rect, about: tuple[float, float, float, float]) -> bytes:
        left, top, right, bottom = about
        box = (
            max(0.0, rect.left - left),
            max(0.0, rect.top - top),
            min(self.placing.size[0], rect.left + rect.width + right),
            min(self.placing.size[1], rect.top + rect.height + bottom),
        )
        shrink = self.page.work_shrink
        return pictures.png(self.placing.straightened(self._picture, shrink, CUT_DPI, box))

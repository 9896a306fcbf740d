"""Finding a page's codes: the cheap ways first, each tried only where those before read nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from registration.intake import blanks, pictures, symbols
from registration.intake.pictures import Picture
from registration.intake.scans import ScannedPage
from registration.intake.symbols import Symbol

_WIDE, _HIGH = 0.42, 0.24
"""The share of a page that a corner's cut has: the code, the feed's shift and some skew."""

_UPPER = 0.18  # of a page, that a glance takes


@dataclass(frozen=True)
class Found:
    """Codes, corners in pixels of the full picture, and the step that read them; or blank."""

    symbols: tuple[Symbol, ...] = ()
    step: str = ""
    blank: bool = False


@dataclass(frozen=True)
class _Cut:
    picture: Picture
    left: int
    top: int

    def read(self, filter_: Callable[[Picture], Picture]) -> Iterator[Symbol]:
        return (each.moved(1, self.left, self.top) for each in symbols.read(filter_(self.picture)))


_FIRST, _GLANCE = "blur 1", "glance"
_FILTERS: tuple[tuple[str, Callable[[Picture], Picture]], ...] = (
    (_FIRST, lambda cut: pictures.blurred(cut, 1)),
    ("median 5", lambda cut: pictures.median(cut, 5)),
    ("blur 1.6", lambda cut: pictures.blurred(cut, 1.6)),
    ("raw", lambda cut: cut),
)


def find(page: ScannedPage) -> Found:
    """Read a page's codes, both corners; raise BrokenError where there is no picture to read."""
    shrink = page.work_shrink
    work = page.gray(shrink)
    for step, found in _steps(work, page):
        if found:
            return Found(tuple(found), step)
        if step == _FIRST and blanks.is_blank(work):
            return Found(blank=True)
    return Found()


def glance(page: ScannedPage) -> Found:
    """Read one code of a page and be content, else do as `find` does.

    Whichever way a page lies, one of its two codes is in its upper part.
    """
    shrink = page.work_shrink
    strip = page.top(_UPPER, shrink)
    if strip is not None:
        half = strip.shape[1] // 2
        for left in (half, 0):
            cut = _Cut(strip[:, left : left + half], left, 0)
            found = [each.moved(shrink) for each in cut.read(_FILTERS[0][1])]
            if found:
                return Found(tuple(found), _GLANCE)
    return find(page)


def _steps(work: Picture, page: ScannedPage) -> Iterator[tuple[str, list[Symbol]]]:
    shrink = page.work_shrink
    cuts = _cuts(work)
    for step, filter_ in _FILTERS:
        yield step, [each.moved(shrink) for cut in cuts for each in cut.read(filter_)]
    yield "whole page", [each.moved(shrink) for each in symbols.read(work, thorough=True)]
    if shrink > 1:
        yield "full size", symbols.read(page.gray(), thorough=True)


def _cuts(work: Picture) -> list[_Cut]:
    """Cut out upper right and lower left: where codes lie, upside down too.

    On a page that lies on its side they are upper left and lower right.
    """
    high, wide = work.shape
    if high >= wide:
        across, down = round(wide * _WIDE), round(high * _HIGH)
        corners = ((wide - across, 0), (0, high - down))
    else:
        across, down = round(wide * _HIGH), round(high * _WIDE)
        corners = ((0, 0), (wide - across, high - down))
    return [_Cut(work[y : y + down, x : x + across], x, y) for x, y in corners]

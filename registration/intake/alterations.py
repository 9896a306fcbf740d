"""Whether a page still says what was printed: words held against the born page, ink added."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from registration.documents.zones import Rect, Zone
from registration.intake import born, marks, pictures, rims
from registration.intake.born import PER_MM, BornPage
from registration.intake.marks import Cut, Page
from registration.intake.pictures import Blob, Floats, Mask, Picture
from registration.intake.rims import Circle, Rim

_DARK = 40  # gray levels: so much darker than paper is print
_LETTERS = round(0.38 * PER_MM)  # pixels about letters that join them to words
_LARGEST = 45.0, 12.0  # mm: what is larger is no word but a line, a frame, a code
_SMALLEST = 1.2  # mm
_ROUND, _FAR = round(0.4 * PER_MM), round(0.5 * PER_MM)  # pixels: about a word; that it may be off
_PRINT, _GONE = 0.35, 0.3  # of the light: what print takes; of that: with less there is none
_EXTRA, _ABOVE = 0.14, 0.1  # of the light: ink at all; ink beyond what print takes there
_SPREAD, _COARSE = round(0.25 * PER_MM), round(0.4 * PER_MM)  # pixels that print may spread
_WINDOW = round(2.7 * PER_MM)  # pixels: a letter and what is about it
_MISSING, _OVER, _ADDED = 0.25, 0.16, 1.2  # square mm in a window, in a window, in one place
_STROKE = 2.0  # mm of a stroke that was added
_TOGETHER = round(1.5 * PER_MM)  # pixels between strokes of one addition, either side
_SPECK = 1.0  # mm: a single piece of ink upon a word that is no writing
_STRIP = 1.5  # mm either side of a fold or ring
_ACROSS, _CUP = 110.0, 24.0  # mm that a fold runs; radius of a cup
_HOLE, _HOLLOW, _FULL = (
    (4.5, 10.0),
    0.85,
    0.4,
)  # mm; darkness; share
_CLEAR = 0.6  # mm about ink that belongs
_ALL = Rect(0, 0, 0, 0)
_PLACES = {
    "signature": (4.0, 9.0),
    "option": (7.0, 7.0),
    "seal": (14.0, 14.0),
    "field": (0.0, 0.0),
}
"""Millimetres about a place, and below it, where ink belongs; a field only while unprinted."""


@dataclass(frozen=True)
class Alteration:
    """`kind` is "missing" (print is gone), "over" (ink upon print) or "added" (ink beside it).

    `area` is how many square mm speak for it.
    """

    kind: str
    rect: Rect
    area: float


def find(page: Page, printed: BornPage) -> list[Alteration]:
    """Hold a straightened page against what was printed; ink in its places is no alteration."""
    ink = marks.ink(page, _ALL, max(page.picture.shape))
    belongs = _belonging(page, printed, ink)
    strange, folds = _strange(ink, belongs)
    compared = _Compared.of(page, printed, belongs, folds)
    upon = [each for word in _words(printed) for each in compared.word(word)]
    return upon + list(_additions(strange, page))


def _belonging(page: Page, printed: BornPage, ink: Cut) -> Mask:
    """Return where ink is expected: places for it, and every stroke that reaches into one."""
    places = np.zeros(page.picture.shape, np.bool_)
    for zone in printed.zones:
        _mark(places, zone, printed)
    labels, found = pictures.blobs(ink.mask)
    reaching = np.zeros(len(found) + 1, np.bool_)
    reaching[np.unique(labels[places & ink.mask])] = True
    reaching[0] = False
    strokes = reaching[labels].astype(np.uint8)
    return places | (pictures.dilated(strokes, round(_CLEAR * PER_MM)) > 0)


def _mark(places: Mask, zone: Zone, printed: BornPage) -> None:
    about, below = _PLACES.get(zone.kind, (0.0, 0.0))
    left, top, right, bottom = born.box(zone.rect, about, places)
    if zone.kind == "field" and (born.pixels(printed)[top:bottom, left:right] < 255 - _DARK).any():
        return
    if zone.kind in _PLACES:
        places[top : bottom + round((below - about) * PER_MM), left:right] = True


@dataclass(frozen=True)
class _Compared:
    """The light that is taken, on the scan and on the born page, brought to one scale."""

    seen: Floats
    printed: Floats
    letters: Floats  # the born page's, without lines and frames: a fax loses thin ones
    spread: Floats  # the born page's, as far as print may spread
    belongs: Mask
    folds: Sequence[Rim]

    @classmethod
    def of(cls, page: Page, printed: BornPage, belongs: Mask, folds: Sequence[Rim]) -> "_Compared":
        own = _print(printed)
        core = own > _PRINT
        gain = float(np.median((page.thin[core] / own[core])[::8])) if core.any() else 1.0
        radius = _COARSE if _is_two_tones(page) else _SPREAD
        letters = own * _near_letters(printed) * gain
        spread = pictures.dilated(own, radius) * gain
        return cls(page.thin, own * gain, letters, spread, belongs, folds)

    def word(self, word: Blob) -> Iterator[Alteration]:
        """Lay a word of the scan upon the printed one, and look for what differs."""
        left, top = word.left - _ROUND, word.top - _ROUND
        right, bottom = (
            word.left + word.width + _ROUND,
            word.top + word.height + _ROUND,
        )
        high, wide = self.seen.shape
        if min(left, top) < _FAR or right > wide - _FAR or bottom > high - _FAR:
            return
        own = self.printed[top:bottom, left:right]
        about = self.seen[top - _FAR : bottom + _FAR, left - _FAR : right + _FAR]
        x, y, _like = pictures.match(own, about)
        x, y = round(x), round(y)
        seen = about[y : y + bottom - top, x : x + right - left]
        missing = _missing(self.letters[top:bottom, left:right], seen)
        yield from _judged("missing", missing, _MISSING, word)
        free = ~self.belongs[top:bottom, left:right]
        extra = _extra(self.spread[top:bottom, left:right], seen) & free
        yield from _judged("over", self._written(extra, left, top), _OVER, word)

    def _written(self, extra: Mask, left: int, top: int) -> Mask:
        """Leave out what folds, cups and a single speck of dust put upon a word."""
        if extra.sum() <= _OVER * PER_MM**2:
            return extra
        cut = Cut(extra, left, top)
        for fold in self.folds:
            cut = cut.without(np.abs(fold.places(cut.points())[1]) < _STRIP)
        labels, found = pictures.blobs(cut.mask)
        largest = max(found, key=lambda each: each.area, default=None)
        if largest and max(largest.width, largest.height) < _SPECK * PER_MM:
            cut.mask[labels == largest.label] = False
        return cut.mask


def _missing(own: Floats, seen: Floats) -> Mask:
    gone: Mask = (own > _PRINT) & (pictures.dilated(seen, 1) < _GONE * own)
    return gone


def _extra(spread: Floats, seen: Floats) -> Mask:
    more: Mask = (seen > _EXTRA) & (seen > spread + _ABOVE) & (spread < _PRINT)
    return more


def _judged(kind: str, mask: Mask, least: float, word: Blob) -> Iterator[Alteration]:
    area = pictures.densest(mask, _WINDOW) / PER_MM**2
    if area > least:
        yield Alteration(kind, _rect(word, 0, 0), area)


def _is_two_tones(page: Page) -> bool:
    """Tell whether a scan was black and white only: its edges are coarser."""
    return bool(np.median(page.picture[::8, ::8]) == 255)  # noqa: PLR2004 - paper without a tone


@lru_cache(maxsize=1)
def _words(printed: BornPage) -> tuple[Blob, ...]:
    """Return the printed words; lines, frames and codes are left out."""
    joined = pictures.dilated(_letters(printed), _LETTERS // 2) > 0
    codes = [born.box(each.rect, 1, born.pixels(printed)) for each in printed.zones_of("code")]
    words = (each.times(2) for each in pictures.blobs(joined)[1])
    return tuple(each for each in words if _is_large(each) and not _is_in(each, codes))


@lru_cache(maxsize=1)
def _letters(printed: BornPage) -> Picture:
    """Return where letters are, 1 and 0, at half the resolution; lines and frames are none."""
    full = born.pixels(printed) < 255 - _DARK
    dark = full[: len(full) // 2 * 2, : full.shape[1] // 2 * 2]
    dark = dark[::2, ::2] | dark[1::2, ::2] | dark[::2, 1::2] | dark[1::2, 1::2]
    labels, found = pictures.blobs(dark)
    letters = np.zeros(len(found) + 1, np.uint8)
    letters[[each.label for each in found if _is_small(each)]] = 1
    return letters[labels]


@lru_cache(maxsize=1)
def _near_letters(printed: BornPage) -> Picture:
    """Return the same at full size."""
    high, wide = born.pixels(printed).shape
    near = np.zeros((high, wide), np.uint8)
    twice = _letters(printed).repeat(2, 0).repeat(2, 1)
    near[: len(twice), : twice.shape[1]] = twice
    return near


def _is_small(blob: Blob) -> bool:
    return 2 * blob.width < _LARGEST[0] * PER_MM and 2 * blob.height < _LARGEST[1] * PER_MM


def _is_large(blob: Blob) -> bool:
    return max(blob.width, blob.height) > _SMALLEST * PER_MM


def _is_in(blob: Blob, boxes: Sequence[tuple[int, int, int, int]]) -> bool:
    x, y = blob.left + blob.width / 2, blob.top + blob.height / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


@lru_cache(maxsize=1)
def _print(printed: BornPage) -> Floats:
    """Return the light that print takes on the born page, as soft as a scan sees it."""
    return marks.thin(pictures.blurred(born.pixels(printed), 0.6))


def _strange(ink: Cut, belongs: Mask) -> tuple[Cut, list[Rim]]:
    """Return strokes beside the print where no ink belongs; and the folds and rings, apart."""
    part = belongs[ink.top :, ink.left :][: ink.mask.shape[0], : ink.mask.shape[1]]
    strange = Cut(ink.mask & ~part, ink.left, ink.top)
    points = strange.points()
    _kept, found = rims.peel(points, np.ones(len(points), np.bool_))
    folds = [rim for rim in found if _is_accident(rim, points)]
    for fold in folds:
        strange = strange.without(np.abs(fold.places(strange.points())[1]) < _STRIP)
    return strange, folds


def _is_accident(rim: Rim, points: Floats) -> bool:
    """Tell a fold across the page or the ring of a cup from a line that a hand drew."""
    if isinstance(rim, Circle):
        return rim.radius > _CUP
    return rims.span(rim, points) > _ACROSS


def _additions(strange: Cut, page: Page) -> Iterator[Alteration]:
    strokes = strange.strokes(_STROKE)
    together = pictures.dilated(strokes.mask.astype(np.uint8), _TOGETHER) > 0
    for blob in pictures.blobs(together)[1]:
        area = float(_cut(strokes.mask, blob).sum()) / PER_MM**2
        rect = _rect(blob, strokes.left, strokes.top)
        if area > _ADDED and not _is_hole(rect, page):
            yield Alteration("added", rect, area)


def _is_hole(rect: Rect, page: Page) -> bool:
    """Tell a punched hole, dark all over, from strokes."""
    small, large = _HOLE
    if not all(small < each < large for each in (rect.width, rect.height)):
        return False
    left, top, right, bottom = born.box(rect, 0, page.picture)
    paper = float(np.median(page.picture[::8, ::8]))
    return bool((page.picture[top:bottom, left:right] < _HOLLOW * paper).mean() > _FULL)


def _cut(mask: Mask, blob: Blob) -> Mask:
    return mask[blob.top : blob.top + blob.height, blob.left : blob.left + blob.width]


def _rect(blob: Blob, left: int, top: int) -> Rect:
    return Rect(
        (blob.left + left) / PER_MM,
        (blob.top + top) / PER_MM,
        blob.width / PER_MM,
        blob.height / PER_MM,
    )

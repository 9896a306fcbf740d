"""What lies on a page that was not printed there: thin dark strokes, beside the print."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from registration.documents.zones import Rect
from registration.intake import born, pictures
from registration.intake.born import PER_MM, BornPage
from registration.intake.pictures import Blob, Floats, Mask, Picture

_THIN = round(0.75 * PER_MM)  # half of the widest stroke: 1.5 mm
_NEAR = 0.4  # mm about print that is not looked at, beside the error of placing
_PRINTED = 40  # gray levels: so much darker than paper is print
_SOFT = 0.8  # pixels of blur that let noise go and strokes stay
_SURE, _FAINT = 0.085, 0.05  # share of light: a stroke begins with one and goes on to the other
_ABOVE = 5.0, 3.0  # the same, in deviations of the paper's own noise
_LISTENED = 200_000  # pixels that tell the paper's noise
_DUST = 1.3  # mm: what is smaller both ways


@dataclass(frozen=True)
class Page:
    """A straightened scan at born.DPI, and what of it is not print.

    `thin` is the share of light that thin things take; `printed` tells where print is or is near.
    """

    picture: Picture
    thin: Floats
    printed: Mask


@dataclass(frozen=True)
class Cut:
    """The ink in a part of a page: a mask, and where its upper left pixel lies in the page."""

    mask: Mask
    left: int
    top: int

    def points(self) -> Floats:
        """Return the middles (n, 2) of its pixels, in mm of the page."""
        y, x = np.nonzero(self.mask)
        return (np.stack([x + self.left, y + self.top], 1) + 0.5) / PER_MM

    def without(self, gone: Mask) -> "Cut":
        """Return the cut without some of its points, told in their order."""
        mask = self.mask.copy()
        mask[self.mask] = ~gone
        return Cut(mask, self.left, self.top)

    def within(self, rect: Rect) -> "Cut":
        """Return the part of it in a rectangle."""
        left, top = (max(0, round(each * PER_MM)) for each in (rect.left, rect.top))
        right, bottom = (
            round(each * PER_MM) for each in (rect.left + rect.width, rect.top + rect.height)
        )
        x, y = max(0, left - self.left), max(0, top - self.top)
        mask = self.mask[y : max(y, bottom - self.top), x : max(x, right - self.left)]
        return Cut(mask, self.left + x, self.top + y)

    def pieces(self) -> list["Cut"]:
        """Return its connected pieces, each in a cut of its own."""
        labels, found = pictures.blobs(self.mask)
        return [self._piece(labels, each) for each in found]

    def _piece(self, labels: NDArray[np.int32], blob: Blob) -> "Cut":
        rows = slice(blob.top, blob.top + blob.height)
        columns = slice(blob.left, blob.left + blob.width)
        own = labels[rows, columns] == blob.label
        return Cut(own, self.left + blob.left, self.top + blob.top)

    def strokes(self, least: float) -> "Cut":
        """Return only the pieces at least so many mm long one way."""
        labels, found = pictures.blobs(self.mask)
        kept = np.zeros(len(found) + 1, np.bool_)
        kept[[each.label for each in found if _across(each) >= least]] = True
        return Cut(kept[labels], self.left, self.top)


def page(picture: Picture, printed: BornPage, error: float) -> Page:
    """Look at a straightened scan; `error` is that of its placing, in mm."""
    return Page(picture, thin(picture), _near_print(printed, error))


def ink(page_: Page, rect: Rect, margin: float) -> Cut:
    """Return the strokes in and about a rectangle that are not print, dust left out."""
    left, top, right, bottom = born.box(rect, margin, page_.picture)
    thin, hidden = page_.thin[top:bottom, left:right], page_.printed[top:bottom, left:right]
    sure, faint = _levels(thin[~hidden])
    labels, found = pictures.blobs((thin > faint) & ~hidden)
    peaks = pictures.peaks(thin, labels, len(found))
    kept = peaks > sure
    kept[0] = False
    kept[[each.label for each in found if _across(each) < _DUST]] = False
    return Cut(kept[labels], left, top)


def thin(picture: Picture) -> Floats:
    """Return the share of light that strokes up to 1.5 mm take, against the paper beside them."""
    soft = pictures.blurred(picture, _SOFT)
    paper = pictures.closed(soft, _THIN)
    taken: Floats = (paper - soft) / np.maximum(paper, 1).astype(np.float32)
    return taken


def _near_print(printed: BornPage, error: float) -> Mask:
    dark = (born.pixels(printed) < 255 - _PRINTED).astype(np.uint8)
    return pictures.dilated(dark, round((_NEAR + 2 * error) * PER_MM)) > 0


def _levels(quiet: Floats) -> tuple[float, float]:
    """Return what is surely a stroke and what may belong to one, above this paper's noise."""
    if not quiet.size:
        return _SURE, _FAINT
    quiet = quiet[:: 1 + quiet.size // _LISTENED]
    usual = float(np.median(quiet))
    spread = 1.48 * float(np.median(np.abs(quiet - usual)))
    return max(_SURE, usual + _ABOVE[0] * spread), max(_FAINT, usual + _ABOVE[1] * spread)


def _across(blob: Blob) -> float:
    return max(blob.width, blob.height) / PER_MM

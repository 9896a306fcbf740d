"""One page out of a stack: the bytes that are kept, and its picture for the eye of the machine."""

from dataclasses import dataclass

from registration.intake import pictures, strips
from registration.intake.errors import IntakeError
from registration.intake.pictures import Picture

_WORK = 1100  # pixels across that reading a code needs: 130 dpi and more of A4
_FULL = 1900  # pixels across that ink and print need: 230 dpi and more of A4


@dataclass(frozen=True)
class Limits:
    """What a stack may be at most; A4 with 600 dpi and a border has 40 million pixels."""

    file_bytes: int = 2_000_000_000
    pages: int = 2_000
    pixels: int = 45_000_000
    page_bytes: int = 80_000_000


@dataclass(frozen=True)
class Original:
    """Bytes of one page: "image/jpeg", "image/png", "image/tiff", or "application/pdf".

    JPEG is as it lay in the file, to the bit; a PDF is that one page, where the page is more than
    one picture; the others have the same pixels, losslessly packed.
    """

    media: str
    data: bytes


@dataclass(frozen=True)
class ScannedPage:
    """Page `number` (from 1) of a stack.

    `picture` is what is looked at, and `original` itself where that is a picture. `dpi` is what
    the file says, 0 where it says nothing. `turn` is by how many degrees, clockwise, the file
    wants it shown turned; pixels and all coordinates are as they lie.
    """

    number: int
    original: Original
    picture: Original
    width: int
    height: int
    dpi: tuple[float, float] = (0.0, 0.0)
    turn: int = 0

    @property
    def work_shrink(self) -> int:
        """Return by how much the picture may be shrunk to read its codes: 1, 2, 4 or 8."""
        return _shrink(min(self.width, self.height), _WORK)

    @property
    def full_shrink(self) -> int:
        """Return by how much the picture may be shrunk to see its ink."""
        return _shrink(min(self.width, self.height), _FULL)

    def gray(self, shrink: int = 1) -> Picture:
        return pictures.gray(self.picture.data, shrink)

    def top(self, share: float, shrink: int = 1) -> Picture | None:
        """Return the upper part in gray, where that is to be had without the rest."""
        if self.picture.media != "image/jpeg":
            return None
        return strips.top(self.picture.data, share, shrink)

    def colour(self, shrink: int = 1) -> Picture:
        return pictures.colour(self.picture.data, shrink)


@dataclass(frozen=True)
class FailedPage:
    """A page of a stack that could not be taken out, and why; the others are not touched."""

    number: int
    error: IntakeError


def _shrink(across: int, wanted: int) -> int:
    return next(each for each in (8, 4, 2, 1) if each == 1 or across >= each * wanted)

"""Pictures as arrays: decoding, filters, warps; the only module that knows OpenCV.

A `Picture` is gray, (height, width), 0 black to 255 white, or (height, width, 3) in BGR.
`Floats` are float32 or float64 of any shape. Points are (x, y), in pixels from the middle of the
upper left pixel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from registration.intake.errors import BrokenError

Picture = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]
Plane = TypeVar("Plane", Picture, Floats)

_GRAY = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
_COLOUR = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


@dataclass(frozen=True)
class Blob:
    """One connected part of a mask: its box in pixels, its area, its number in the label map."""

    label: int
    left: int
    top: int
    width: int
    height: int
    area: int

    def times(self, scale: int) -> "Blob":
        """Return it as it lies in a picture so many times as large."""
        left, top, width, height = (
            each * scale for each in (self.left, self.top, self.width, self.height)
        )
        return Blob(self.label, left, top, width, height, self.area * scale * scale)


_JPEG, _FILLED = b"\xff\xd8", 128
"""How a JPEG begins; and the gray that a decoder fills with what its data do not tell."""


def one_thread() -> None:
    """Keep OpenCV to one core: workers are spread by processes."""
    cv2.setNumThreads(1)


def gray(data: bytes, shrink: int = 1) -> Picture:
    """Decode a JPEG, PNG or TIFF to gray at 1/`shrink` (1, 2, 4, 8) of its size.

    Orientation flags are not obeyed: pixels stay where they lie. Raises BrokenError.
    """
    return _decoded(data, _GRAY[shrink])


def colour(data: bytes, shrink: int = 1) -> Picture:
    """Decode as `gray` does, to BGR."""
    return _decoded(data, _COLOUR[shrink])


def _decoded(data: bytes, how: int) -> Picture:
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), how | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise BrokenError(f"picture: {error.err}") from error
    if picture is None:
        raise BrokenError("picture: cannot be decoded")
    if data.startswith(_JPEG) and (picture[-1] == _FILLED).all():
        raise BrokenError("picture: ends before its last row")
    return cast("Picture", picture)


def png(picture: Picture) -> bytes:
    return _encoded(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 3])


def jpeg(picture: Picture, quality: int) -> bytes:
    return _encoded(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])


def _encoded(kind: str, picture: Picture, options: Sequence[int]) -> bytes:
    _done, data = cv2.imencode(kind, picture, list(options))
    return data.tobytes()


def blurred(picture: Picture, sigma: float) -> Picture:
    return cast("Picture", cv2.GaussianBlur(picture, (0, 0), sigma))


def smoothed(field: Floats, sigma: float) -> Floats:
    return cast("Floats", cv2.GaussianBlur(field, (0, 0), sigma))


def median(picture: Picture, size: int) -> Picture:
    return cast("Picture", cv2.medianBlur(picture, size))


def resized(picture: Picture, width: int, height: int) -> Picture:
    """Shrink by averaging areas, or enlarge by lines."""
    smaller = width < picture.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return cast("Picture", cv2.resize(picture, (width, height), interpolation=how))


def turned(picture: Picture, degrees: int) -> Picture:
    """Turn clockwise by 0, 90, 180 or 270."""
    return np.ascontiguousarray(np.rot90(picture, -degrees // 90))


def stretched(field: Floats, width: int, height: int) -> Floats:
    return cast("Floats", cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR))


def remapped(picture: Picture, x: Floats, y: Floats) -> Picture:
    """Return the picture as seen from a grid of places (x, y) in it; white outside."""
    return cast(
        "Picture",
        cv2.remap(
            picture,
            x.astype(np.float32),
            y.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(255, 255, 255),
        ),
    )


def dilated(field: Plane, radius: int) -> Plane:
    """Spread what is high over a disc."""
    return cast("Plane", cv2.dilate(field, _disc(radius)))


def closed(picture: Picture, radius: int) -> Picture:
    """Fill what is dark and narrower than a disc."""
    return cast("Picture", cv2.morphologyEx(picture, cv2.MORPH_CLOSE, _disc(radius)))


def _disc(radius: int) -> Picture:
    size = 2 * radius + 1
    return cast("Picture", cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))


def blobs(mask: Mask) -> tuple[NDArray[np.int32], list[Blob]]:
    """Return the label map (0 is none) and its parts, eight-connected."""
    if not mask.any():
        return np.zeros(mask.shape, np.int32), []
    _count, labels, facts, _middles = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    found = [Blob(at, *(int(each) for each in row)) for at, row in enumerate(facts)][1:]
    return cast("NDArray[np.int32]", labels), found


def match(patch: Plane, within: Plane) -> tuple[float, float, float]:
    """Find a patch in a larger picture: (x, y) of its upper left corner, and the correlation."""
    scores = cast("Floats", cv2.matchTemplate(within, patch, cv2.TM_CCOEFF_NORMED))
    _low, best, _at, (x, y) = cv2.minMaxLoc(scores)
    return x + _peak(scores[y, :], int(x)), y + _peak(scores[:, x], int(y)), float(best)


def _peak(line: Floats, at: int) -> float:
    """Return where between its pixels a maximum lies: the top of a parabola through three."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, top, after = (float(each) for each in line[at - 1 : at + 2])
    bend = before - 2 * top + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def affine(source: Floats, target: Floats, tolerance: float) -> tuple[Floats | None, Mask]:
    """Fit target = matrix (2, 3) · source by consensus; return it and who agrees."""
    matrix, agreed = cv2.estimateAffine2D(
        source.astype(np.float32),
        target.astype(np.float32),
        method=cv2.RANSAC,
        ransacReprojThreshold=tolerance,
    )
    if matrix is None:
        return None, np.zeros(len(source), np.bool_)
    return cast("Floats", matrix), agreed.ravel().astype(np.bool_)


def sharpness(picture: Picture, side: int) -> Floats:
    """Return how well a square about each pixel can be told from its neighbours, both ways."""
    eigen = cv2.cornerMinEigenVal(blurred(picture, 1), side, ksize=3)
    return cast("Floats", eigen)


def peaks(field: Floats, labels: NDArray[np.int32], count: int) -> Floats:
    """Return the highest value of a field under each label, 1 to `count`."""
    found = np.zeros(count + 1, field.dtype)
    inside = labels > 0
    np.maximum.at(found, labels[inside], field[inside])
    return cast("Floats", found)


def densest(mask: Mask, side: int) -> float:
    """Return the most pixels of a mask that one square of this side holds."""
    field = mask.astype(np.float32)
    sums = cv2.boxFilter(field, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    return float(sums.max(initial=0))

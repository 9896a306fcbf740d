"""Where things stand on a printed page: signature boxes, options, codes, fields."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rect:
    """Millimetres from the page's top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Zone:
    """A place on a page.

    `name` of a signature is the role, of an option its number, of a code "first" (top right) or
    "second" (bottom left).
    """

    kind: str  # "signature" | "option" | "seal" | "field" | "code"
    name: str
    page: int  # from 1
    rect: Rect

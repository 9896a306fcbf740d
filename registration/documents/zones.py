"""Where things are on a page: what is signed, circled, stamped or coded, in millimetres."""

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
    """A place that a pen, a stamp or a code is meant for.

    `kind` and its `name`: "signature" (the role), "seal" (the role), "option" (its number),
    "code" ("first" in the top right corner, "second" in the bottom left), "writing" (what is
    written there by hand).
    """

    kind: str
    name: str
    page: int  # from 1
    rect: Rect

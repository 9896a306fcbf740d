"""PDF pages that are not ours, drawn in a process of their own: in bounded time and memory.

A page may be made to draw for hours, to unpack without end, or to bring the renderer down. What
becomes of its process is then the page's own failure.
"""

import resource
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np

from registration.intake import rasters
from registration.intake.errors import BrokenError, IntakeError, NoPictureError, TooLargeError
from registration.intake.pictures import Picture

_SECONDS, _MEMORY = 20, 2_000_000_000
"""Of the processor, of address space: what a page may take to be drawn."""

_PATIENCE = 120  # seconds by the clock, on a busy machine
_ROOT = Path(__file__).parents[2]
_BROKEN, _EMPTY, _LARGE = 3, 4, 5  # exit codes


def page(pdf: bytes, dpi: int, pixels: int) -> Picture:
    """Draw a file's first page in BGR; raise TooLargeError, BrokenError."""
    return _asked(pdf, "page", dpi, pixels)


def picture(pdf: bytes, pixels: int) -> Picture:
    """Return the first picture of the first page as it lies, gray or BGR; raise as `page`."""
    return _asked(pdf, "picture", 0, pixels)


def _asked(pdf: bytes, what: str, dpi: int, pixels: int) -> Picture:
    command = [sys.executable, "-m", __name__, what, str(dpi), str(pixels)]
    try:
        done = subprocess.run(
            command, input=pdf, capture_output=True, check=False, cwd=_ROOT, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise BrokenError("page: takes too long to draw") from error
    if done.returncode:
        raise _fault(done.returncode, done.stderr.decode(errors="replace"), pixels)
    drawn: Picture = np.load(BytesIO(done.stdout), allow_pickle=False)
    return drawn


def _fault(code: int, told: str, pixels: int) -> IntakeError:
    if code == _LARGE:
        return TooLargeError("pixels", int(told), pixels)
    if code == _EMPTY:
        return NoPictureError()
    return BrokenError(told if code == _BROKEN else f"page: the renderer ended with {code}")


def main(what: str, dpi: int, pixels: int) -> int:
    """Draw what comes on standard input; this is the process of its own."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        drawn = _drawn(sys.stdin.buffer.read(), what, dpi, pixels)
    except TooLargeError as error:
        return _ended(_LARGE, str(error.found))
    except NoPictureError:
        return _ended(_EMPTY, "")
    except IntakeError as error:
        return _ended(_BROKEN, str(error))
    np.save(sys.stdout.buffer, drawn, allow_pickle=False)
    return 0


def _drawn(pdf: bytes, what: str, dpi: int, pixels: int) -> Picture:
    if what == "picture":
        return rasters.embedded(pdf)
    across, down = (each * dpi / 72 for each in rasters.size(pdf, 1))
    if across * down > pixels:
        raise TooLargeError("pixels", round(across * down), pixels)
    return rasters.colour(pdf, 1, dpi)


def _ended(code: int, told: str) -> int:
    sys.stderr.write(told)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

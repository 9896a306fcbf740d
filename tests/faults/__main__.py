"""`python -m tests.faults`: the whole matrix; its last line says how many points were reached."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.matrix import Choice, Matrix, Tally

LANES = 4  # much of a point is waiting for the reader


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="the points that hold this in their name")
    parser.add_argument("--sample", type=int, default=0, help="so many of them, always the same")
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--folder", type=Path, help="prepared once for several runs")
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="overa-f-") as own:
        matrix = Matrix(arguments.folder or Path(own), arguments.lanes)
        tally = matrix.run(Choice(arguments.only, arguments.sample))
    return _told(tally, time.monotonic() - started)


def _told(tally: Tally, seconds: float) -> int:
    print(f"{seconds:.0f} s; {tally.facts}")
    print(f"faults: {tally.reached}/{tally.planned} points, {tally.violations} violations")
    return int(tally.reached < tally.planned or tally.violations > 0)


if __name__ == "__main__":
    sys.exit(main())

"""The memory that a long stack takes: `python -m tests.benchmarks.stack_memory <stack> <pages>`.

So many pages are read in full, the rest are named. It runs in a process of its own, as memory that
was taken once is not given back.
"""

import subprocess
import sys
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from registration.intake import naming, pictures, stacks
from registration.intake.naming import Verdict
from registration.intake.scans import ScannedPage
from tests.benchmarks import findings, scans
from tests.benchmarks.scans import Page
from tests.intake import files

LONG = 1000  # pages
FULLY = 30  # of them that are read in full
PACKETS = 2
LIMIT = 400  # MB


def measure(pages: Sequence[Page], folder: Path) -> None:
    """Write pages over and over as a long PDF and a long TIFF; print what each takes."""
    jpegs = [each.original.data for each in pages]
    pdf, tiff = folder / "long.pdf", folder / "long.tif"
    pdf.write_bytes(files.pdf(list(islice(cycle(jpegs), LONG))))
    with tiff.open("wb") as out:
        files.jpeg_tiff(islice(cycle(jpegs), LONG), out)
    for path in (pdf, tiff):
        print(_told(path), flush=True)
        path.unlink()


def _told(path: Path) -> str:
    command = [sys.executable, "-m", __name__, str(path), str(FULLY)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main(path: Path, fully: int) -> int:
    pictures.one_thread()
    for number in range(1, PACKETS + 1):
        scans.packet(number)
    named = count = 0
    for page in stacks.pages(path):
        if isinstance(page, ScannedPage):
            named += _is_named(page, in_full=page.number <= fully)
        count += 1
    size, most = path.stat().st_size / 1e6, most_memory()
    print(f"{path.suffix} of {count} pages, {size:.0f} MB: {named} named, {most} MB at most")
    return int(most >= LIMIT)


def _is_named(page: ScannedPage, *, in_full: bool) -> bool:
    if in_full:
        return findings.read(page).placing is not None
    office = scans.office()
    return naming.name(page, office.key, office.lookup).verdict == Verdict.NAMED


def most_memory() -> int:
    """Return the most MB that this process ever held; getrusage would count its parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))

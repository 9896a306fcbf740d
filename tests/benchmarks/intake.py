"""Scans, read our way and by rendering every page: `python -m tests.benchmarks.intake`.

Three stacks are made by code from our own printed packets: "normal" (300 dpi, gray and colour),
"hit" (one of the two codes of each page hit hard), "fax" (150 dpi, black and white, noisy); pages
in any order, skewed, some upside down, some blank backs. Pens, stamps, paper and scanner follow
the laws written in tests/intake/pens.py, dirt.py and scanner.py. The body's stamp lies in its
place; the boxes that are counted have no other dirt. Beside them: boxes with stamps, cups, folds
and specks upon them, altered pages, and the memory that a stack of 1,000 pages takes.

The render-all way: pdfium at 300 dpi, zxing-cpp on the whole page, all formats. Each round takes
the same pages of each stack both ways, in turns. Times are seconds of one processor. `x` counts
naming at a glance, from the file to the name of every page; the pipeline is all: naming by both
codes, placing, ink, circles, alterations, cuts for the officer, text layer.

The library was tuned on generators seeded from TUNED_ON; what is reported is seeded from REPORTED.
"""

import argparse
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import zxingcpp

from registration.documents.zones import Rect
from registration.intake import layer, naming, pictures, reading, stacks
from registration.intake.ink import Answer
from registration.intake.layer import Leaf
from registration.intake.naming import Name, Verdict
from registration.intake.reading import PageFinding
from registration.intake.scans import ScannedPage
from tests.benchmarks import scans
from tests.benchmarks.scans import Page

TUNED_ON = tuple(range(1, 12))
REPORTED = 20261124
STACKS = ("normal", "hit", "fax")
ROUND, ROUNDS = 6, 15  # pages of a stack that both ways take in turns; how often
LONG = 1000  # pages of the stack that memory is measured on
FULLY = 60  # of them that are read in full

Told = Counter[str]


def main() -> int:
    options = _options()
    if options.memory:
        return memory(Path(options.memory))
    pictures.one_thread()
    with tempfile.TemporaryDirectory() as folder:
        return _measured(options, Path(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packets", type=int, default=12, help="that each stack mixes")
    parser.add_argument("--boxes", type=int, default=1000, help="signed, and as many empty ones")
    parser.add_argument("--beside", type=int, default=150, help="dirty pages, and altered pages")
    parser.add_argument("--memory", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measured(options: argparse.Namespace, folder: Path) -> int:
    started = time.perf_counter()
    seeds = {kind: [REPORTED, at] for at, kind in enumerate(STACKS)}
    piles = {kind: scans.stack(seeds[kind], kind, options.packets) for kind in STACKS}
    ratios = compared(piles, folder)
    told: Told = Counter()
    speeds = [_whole(kind, pages, folder, told) for kind, pages in piles.items()]
    many(options, told)
    for name in sorted(told):
        print(f"  {name:32}{told[name]:6}")
    _print_memory(folder)
    print(f"seeds: tuned on {TUNED_ON}, reported {REPORTED}; Python {sys.version.split()[0]}")
    print(f"took {time.perf_counter() - started:.0f} s")
    print(_last_line(ratios, speeds, told))
    return 0


# naming, both ways


def compared(piles: dict[str, list[Page]], folder: Path) -> list[float]:
    """Name parts of the stacks both ways in turns; return how many times faster ours was."""
    ways = {"glance": glanced, "render-all": render_all}
    took = {(name, kind): [0.0] * ROUNDS for name in ways for kind in piles}
    right: Told = Counter()
    for round_ in range(ROUNDS):
        order = list(ways) if round_ % 2 else list(reversed(ways))
        for kind, pages in piles.items():
            part = [pages[(round_ * ROUND + at) % len(pages)] for at in range(ROUND)]
            path = scans.file(part, folder / "part.pdf")
            for name in order:
                started = time.process_time()
                names = ways[name](path)
                took[name, kind][round_] = time.process_time() - started
                right[f"{name} {kind}"] += sum(map(_is_right, part, names))
    _print_naming(took, right)
    return [_ratio(took, [round_], list(piles)) for round_ in range(ROUNDS)]


def _print_naming(took: dict[tuple[str, str], list[float]], right: Told) -> None:
    for (name, kind), seconds in took.items():
        speed = ROUND / statistics.median(seconds)
        rights = f"right {right[f'{name} {kind}']}/{ROUND * ROUNDS}"
        print(f"{kind:8}{name:11}{speed:7.1f} pages/s, {rights}")
    for kind in STACKS:
        print(f"{kind:8}naming {_ratio(took, range(ROUNDS), [kind]):.1f} times the render-all way")


def _ratio(
    took: dict[tuple[str, str], list[float]], rounds: Iterable[int], kinds: Sequence[str]
) -> float:
    own, other = (
        sum(took[name, kind][round_] for kind in kinds for round_ in rounds)
        for name in ("glance", "render-all")
    )
    return other / own


def glanced(path: Path) -> list[Name]:
    office = scans.office()
    taken = (page for page in stacks.pages(path) if isinstance(page, ScannedPage))
    return [naming.glanced(page, office.key, office.lookup) for page in taken]


def render_all(path: Path) -> list[Name]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [_rendered(page) for page in document]
    finally:
        document.close()


def _rendered(page: pypdfium2.PdfPage) -> Name:
    office = scans.office()
    found = zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())
    page.close()
    judged = (naming.judge(each.text, office.key, office.lookup) for each in found)
    named = (each for each in judged if each.verdict == Verdict.NAMED)
    return next(named, Name(Verdict.UNREADABLE))


def _is_right(page: Page, name: Name) -> bool:
    if page.born is None:
        return name.verdict in {Verdict.BLANK, Verdict.UNREADABLE}
    return name.verdict == Verdict.NAMED and name.text == page.born.code


# all of a page


def _whole(kind: str, pages: Sequence[Page], folder: Path, told: Told) -> float:
    """Read a stack in full, on one core; return pages a second."""
    path = scans.file(pages, folder / f"{kind}.pdf")
    findings: list[PageFinding] = []
    started = time.process_time()
    for page in stacks.pages(path):
        if not isinstance(page, ScannedPage):
            raise TypeError(page)
        findings.append(read(page))
    speed = len(pages) / (time.process_time() - started)
    own: Told = Counter()
    for truth, finding in zip(pages, findings, strict=True):
        own[_named(truth, finding.name)] += 1
        told.update(counted(truth, finding, kind))
    told.update({f"{kind} {name}": count for name, count in own.items()})
    print(f"{kind:7}pipeline   {speed:7.2f} pages/s, {dict(sorted(own.items()))}")
    return speed


def read(page: ScannedPage) -> PageFinding:
    """Do everything that a page needs, the archive's copy of it included."""
    finding = reading.read(page, scans.office())
    printed = scans.printed(finding.name.code) if finding.name.code else None
    if printed and finding.placing:
        layer.paper([Leaf(page, printed, finding.placing)], "benchmark")
    return finding


def _named(page: Page, name: Name) -> str:
    """Tell whether a page was named right, wrong, or went to the tray."""
    if page.born is None:
        return "blank" if name.verdict == Verdict.BLANK else "back in tray"
    if name.verdict == Verdict.NAMED:
        return "right" if name.text == page.born.code else "wrong"
    return "wrong" if name.verdict == Verdict.BLANK else "tray"


def counted(page: Page, finding: PageFinding, kind: str) -> Told:
    """Count what was found right and wrong on a page that has its name."""
    told: Told = Counter()
    if page.born is None:
        return told
    if finding.placing is None:
        told[f"{kind} not placed"] += 1
        return told
    for each in finding.signatures:
        hand = page.filled.hands[each.found.zone.name]
        told[f"{kind} {'signed' if hand else 'empty'}->{each.found.answer}"] += 1
    if finding.choice:
        right = finding.choice.found.number == page.filled.circled
        unsure = finding.choice.found.answer == Answer.UNSURE
        told["circle " + ("unsure" if unsure else "right" if right else "wrong")] += 1
    told.update(_alterations(page, finding, kind))
    return told


def _alterations(page: Page, finding: PageFinding, kind: str) -> Told:
    if page.altered:
        how, word = page.altered
        found = any(_touches(each.found.rect, word) for each in finding.alterations)
        return Counter({f"altered {how} {'found' if found else 'missed'}": 1})
    return Counter({f"{kind} page {'flagged' if finding.altered else 'unaltered'}": 1})


def _touches(one: Rect, other: Rect) -> bool:
    across = one.left < other.left + other.width + 2 and other.left - 2 < one.left + one.width
    return (
        across and one.top < other.top + other.height + 1 and other.top - 4 < one.top + one.height
    )


# many boxes, on all cores


def many(options: argparse.Namespace, told: Told) -> None:
    """Add pages with boxes until there are enough of both, then dirty and altered ones."""
    with multiprocessing.get_context("spawn").Pool() as pool:
        seed = 0
        while min(_boxes(told, "signed"), _boxes(told, "empty")) < options.boxes:
            tasks = [
                (STACKS[at % 3], at % options.packets + 1, at) for at in range(seed, seed + 60)
            ]
            _gather(told, pool.imap_unordered(job, tasks))
            seed += 60
        for kind in ("dirty", "altered"):
            tasks = [
                (kind, at % options.packets + 1, at)
                for at in range(100_000, 100_000 + options.beside)
            ]
            _gather(told, pool.imap_unordered(job, tasks))


def job(task: tuple[str, int, int]) -> Told:
    """Make one page, with boxes unless it is to be altered, and read it: a worker's work."""
    pictures.one_thread()
    kind, number, seed = task
    rng = np.random.default_rng([REPORTED, 9, seed])
    pages = [
        each
        for each in scans.packet(number)
        if kind == "altered" or each.page.zones_of("signature")
    ]
    page = scans.made(rng, kind, pages[int(rng.integers(0, len(pages)))])
    return counted(page, read(page.scan), kind)


def _gather(told: Told, counts: Iterable[Told]) -> None:
    for each in counts:
        told.update(each)


def _boxes(told: Told, what: str, answer: str = "") -> int:
    return sum(
        told[f"{kind} {what}->{each}"]
        for kind in STACKS
        for each in Answer
        if answer in {"", str(each)}
    )


# memory


def _print_memory(folder: Path) -> None:
    """Read a long stack in a process of its own; print the most memory that it held."""
    pages = scans.stack([REPORTED, 8], "normal", 2)
    scans.file([pages[at % len(pages)] for at in range(LONG)], folder / "long.pdf")
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.intake",
        "--memory",
        str(folder / "long.pdf"),
    ]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def memory(path: Path) -> int:
    """Name every page of a stack, read the first ones in full, and say what it took."""
    scans.packet(1)
    scans.packet(2)
    named = full = 0
    for page in stacks.pages(path):
        if isinstance(page, ScannedPage) and page.number <= FULLY:
            full += read(page).placing is not None
        elif isinstance(page, ScannedPage):
            office = scans.office()
            named += naming.name(page, office.key, office.lookup).verdict == Verdict.NAMED
    most = _most_memory()
    size = path.stat().st_size / 1e6
    print(f"a stack of {LONG} pages, {size:.0f} MB: {full + named} named, {most} MB at most")
    return 0


def _most_memory() -> int:
    """Return the most MB that this process ever held; getrusage would count its parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


# telling


def _last_line(ratios: Sequence[float], speeds: Sequence[float], told: Told) -> str:
    named = sum(told[f"{kind} right"] for kind in STACKS)
    wrong = sum(told[f"{kind} wrong"] for kind in STACKS)
    pages = named + wrong + sum(told[f"{kind} tray"] for kind in STACKS)
    low, high = min(ratios), max(ratios)
    print(f"naming: {statistics.median(ratios):.1f} [{low:.1f}-{high:.1f}] times render-all")
    return (
        f"intake: {statistics.median(ratios):.1f} times the render-all way, "
        f"pipeline {statistics.median(speeds):.2f} pages/s, named {named}/{pages}, wrong {wrong}, "
        f"signed {_boxes(told, 'signed', 'signed')}/{_boxes(told, 'signed')}, "
        f"unsure {_boxes(told, 'signed', 'unsure')}, "
        f"signed->empty {_boxes(told, 'signed', 'empty')}, "
        f"empty->signed {_boxes(told, 'empty', 'signed')}"
    )


if __name__ == "__main__":
    sys.exit(main())

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
codes, placing, ink, circles, seals, alterations, cuts for the officer, text layer. More boxes are
then read without that rest, until there are enough of both.

The library was tuned on generators seeded from TUNED_ON; what is reported is seeded from REPORTED.
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np
import pypdfium2
import zxingcpp

from registration.intake import naming, pictures, stacks
from registration.intake.ink import Answer
from registration.intake.naming import Name, Verdict
from registration.intake.reading import PageFinding
from registration.intake.scans import ScannedPage
from tests.benchmarks import findings, scans, stack_memory
from tests.benchmarks.findings import Told
from tests.benchmarks.scans import Page

TUNED_ON = tuple(range(1, 12))
REPORTED = 20261207
STACKS = ("normal", "hit", "fax")
ROUND, ROUNDS = 6, 15  # pages of a stack that both ways take in turns; how often
BATCH = 60  # pages with boxes that are made before it is counted again


def main() -> int:
    options = _options()
    pictures.one_thread()
    start = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        start.Pool(initializer=pictures.one_thread) as pool,
    ):
        return _measured(options, Path(folder), pool)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packets", type=int, default=6, help="that each stack mixes")
    parser.add_argument("--boxes", type=int, default=1000, help="signed, and as many empty ones")
    parser.add_argument("--beside", type=int, default=60, help="dirty pages, and altered pages")
    parser.add_argument("--seed", type=int, default=REPORTED)
    return parser.parse_args()


def _measured(options: argparse.Namespace, folder: Path, pool: Pool) -> int:
    started = time.perf_counter()
    seeds = {kind: [options.seed, at] for at, kind in enumerate(STACKS)}
    piles = {kind: scans.stack(pool, seeds[kind], kind, options.packets) for kind in STACKS}
    print(f"stacks made in {time.perf_counter() - started:.0f} s", flush=True)
    ratios = compared(piles, folder)
    told: Told = Counter()
    speeds = [_whole(kind, pages, folder, told) for kind, pages in piles.items()]
    many(options, told, pool)
    for name in sorted(told):
        print(f"  {name:32}{told[name]:6}")
    pages = scans.stack(pool, [options.seed, 8], "normal", stack_memory.PACKETS)
    stack_memory.measure(pages, folder)
    print(f"seeds: tuned on {TUNED_ON}, this run {options.seed}; Python {sys.version.split()[0]}")
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"took {time.perf_counter() - started:.0f} s; load {load}")
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
                right[f"{name} {kind}"] += sum(map(findings.is_right, part, names))
    _print_naming(took, right)
    return [_ratio(took, [round_], list(piles)) for round_ in range(ROUNDS)]


def _print_naming(took: dict[tuple[str, str], list[float]], right: Told) -> None:
    for (name, kind), seconds in took.items():
        speed = ROUND / statistics.median(seconds)
        rights = f"right {right[f'{name} {kind}']}/{ROUND * ROUNDS}"
        print(f"{kind:8}{name:11}{speed:7.1f} pages/s, {rights}")
    for kind in STACKS:
        times = _ratio(took, range(ROUNDS), [kind])
        print(f"{kind:8}naming {times:.1f} times the render-all way", flush=True)


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


# all of a page


def _whole(kind: str, pages: Sequence[Page], folder: Path, told: Told) -> float:
    """Read a stack in full, on one core; return pages a second."""
    path = scans.file(pages, folder / f"{kind}.pdf")
    found: list[PageFinding] = []
    started = time.process_time()
    for page in stacks.pages(path):
        if not isinstance(page, ScannedPage):
            raise TypeError(page)
        found.append(findings.read(page))
    speed = len(pages) / (time.process_time() - started)
    own: Told = Counter()
    for truth, finding in zip(pages, found, strict=True):
        own[findings.named(truth, finding.name)] += 1
        told.update(findings.counted(truth, finding, kind))
    told.update({f"{kind} {name}": count for name, count in own.items()})
    print(f"{kind:7}pipeline   {speed:7.2f} pages/s, {dict(sorted(own.items()))}", flush=True)
    return speed


# many boxes, on all cores


def many(options: argparse.Namespace, told: Told, pool: Pool) -> None:
    """Read dirty and altered pages, then pages with boxes until there are enough of both."""
    for kind in ("dirty", "altered"):
        tasks = ((options.seed, kind, 1 + at % 4, at) for at in range(options.beside))
        _gather(told, pool.imap_unordered(job, tasks))
    first = 0
    while min(_boxes(told, "signed"), _boxes(told, "empty")) < options.boxes:
        batch = range(first, first + BATCH)
        tasks = ((options.seed, STACKS[at % 3], 1 + at % 4, at) for at in batch)
        _gather(told, pool.imap_unordered(job, tasks))
        first += BATCH


def job(task: tuple[int, str, int, int]) -> Told:
    """Make one page, with boxes unless it is to be altered, and read it: a worker's work."""
    seed, kind, number, at = task
    rng = np.random.default_rng([seed, 9, at, len(kind)])
    fit = [
        each
        for each in scans.packet(number)
        if kind == "altered" or each.page.zones_of("signature")
    ]
    page = scans.made(rng, kind, fit[int(rng.integers(0, len(fit)))])
    if kind in STACKS:
        return findings.boxes(page, kind)
    return findings.counted(page, findings.read(page.scan), kind)


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


# telling


def _last_line(ratios: Sequence[float], speeds: Sequence[float], told: Told) -> str:
    named = sum(told[f"{kind} right"] for kind in STACKS)
    wrong = sum(told[f"{kind} wrong"] for kind in STACKS)
    pages = named + wrong + sum(told[f"{kind} tray"] for kind in STACKS)
    low, high = min(ratios), max(ratios)
    print(f"clean empty boxes: {_boxes(told, 'empty')}")
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

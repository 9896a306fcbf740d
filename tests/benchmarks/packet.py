"""The packet, made our way and others, in turns: `python -m tests.benchmarks.packet`.

Aims: the file to print 100 times as fast as the naive way, the five files to keep 40 times, and at
most twice what opening and saving the finished pages takes.
"""

import sys
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image, ImageChops
from pypdf import PdfReader

from registration.documents import compiled, packet, papers
from registration.documents.contexts import CaseContext
from registration.documents.packet import Coded, Press
from tests.benchmarks import naive, reportlab_way
from tests.benchmarks.rounds import interleaved, once
from tests.documents.case import CASE, PRESS, WANTED

ROUNDS = 15
MOST_INK = 0.01  # of a page's ink that may differ, by the edges of letters
_NUMBERS = count(1)


def case() -> CaseContext:
    """Return a case that was never printed: nothing may come from memory but what always does."""
    number = next(_NUMBERS)
    person = replace(CASE.applicant, jmbg=f"{number:013}", surname=f"Ђорђевић {number}")
    return replace(CASE, case_number=f"26{number:07}", applicant=person)


def ours(press: Press) -> bytes:
    return packet.to_print(packet.coded(case(), WANTED, press))


def files(press: Press) -> list[bytes]:
    return [packet.to_keep(copy).pdf for copy in packet.coded(case(), WANTED, press)]


def floor(pages: bytes) -> bytes:
    """Open and save the finished pages."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pages)) as document:
        document.save(out)
    return out.getvalue()


def main() -> int:
    reportlab_way.set_up()
    with TemporaryDirectory() as folder:
        press = Press(PRESS.key, Path(folder))
        cold = once(lambda: ours(press))
        given = case()
        copies = packet.coded(given, WANTED, press)
        pages = packet.gathered(copies)
        slots = _lines(press)
        _check(given, copies, naive.packet(given, copies, slots))
        times = interleaved(
            {
                "naive": lambda: naive.packet(given, copies, slots),
                "file to print": lambda: ours(press),
                "five files": lambda: files(press),
                "ReportLab": lambda: reportlab_way.packet(given, copies),
                "floor": lambda: floor(pages),
            },
            ROUNDS,
        )
    print(f"{sum(len(copy.pages) for copy in copies)} pages, {ROUNDS} rounds in turns, warm")
    print(f"the first packet, with every paper compiled: {cold:.2f} s")
    for way in times.seconds:
        print(f"{way:14} {1000 * times.median(way):8.1f} ms")
    a, b, c = (
        times.ratio("naive", "file to print"),
        times.ratio("naive", "five files"),
        times.ratio("file to print", "floor"),
    )
    for name, (median, least, most) in (("naive/print", a), ("naive/five", b), ("print/floor", c)):
        print(f"{name:14} {median:8.2f}  [{least:.2f}-{most:.2f}]")
    print(
        f"packet: {a[0]:.0f} times naive, five files {b[0]:.0f} times naive,"
        f" {c[0]:.2f} times the floor"
    )
    return 0


def _lines(press: Press) -> tuple[compiled.Slot, ...]:
    """Return where the lines beside the codes stand: on every page of every paper alike."""
    first = compiled.paper(papers.shipped("terms")[0], CASE.script, press.folder).pages[1]
    return tuple(slot for slot in first.slots if slot.name in {"human", "copy"})


def _check(given: CaseContext, copies: tuple[Coded, ...], other: bytes) -> None:
    """Hold our pages against the naive ones: the same words, the same ink, all codes read."""
    mine = packet.to_print(copies)
    assert _words(mine) == _words(other)
    for one, naively in zip(_pictures(mine), _pictures(other), strict=True):
        assert _difference(one, naively) <= MOST_INK
    expected = [[page.code] * 2 for copy in copies for page in copy.pages]
    for pdf in (mine, other):
        assert [_read(picture) for picture in _pictures(pdf)] == expected
    assert given.case_number in expected[0][0]


def _words(pdf: bytes) -> list[list[str]]:
    return [sorted(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def _pictures(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=300 / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()


def _read(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return [each.text for each in found]


def _difference(one: Image.Image, other: Image.Image) -> float:
    differs = ImageChops.difference(one, other).point(lambda value: 255 * (value > 128))
    ink = ImageChops.invert(one).point(lambda value: 255 * (value > 128))
    return differs.histogram()[255] / max(ink.histogram()[255], 1)


if __name__ == "__main__":
    sys.exit(main())

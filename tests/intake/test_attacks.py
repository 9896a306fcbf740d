"""Files made to do harm, or broken by accident: each is refused, or one page of it fails."""

import re
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator

from registration.intake import cascade, foreign, pictures, stacks
from registration.intake.errors import BrokenError, IntakeError, NoPictureError, TooLargeError
from registration.intake.scans import FailedPage, ScannedPage
from tests.intake import files
from tests.intake.born import packet_of

HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"II+\0", b"%PDF-1.7\n")
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
EMPTY = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
PAGE = EMPTY[:-2] + b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
SHOWN = b"q 595 0 0 842 0 0 cm /I Do Q"


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    """Return one small file of each coding."""
    noise = np.random.default_rng(1).normal(180, 30, (300, 210))
    picture = np.clip(noise, 0, 255).astype(np.uint8)
    jpeg = files.encoded(picture, "JPEG")
    wrapped = BytesIO()
    files.jpeg_tiff([jpeg] * 2, wrapped)
    return {
        "JPEG": jpeg,
        "PNG": files.encoded(picture, "PNG"),
        "LZW": files.tiff([picture] * 2, compression="tiff_lzw"),
        "G4": files.tiff([picture] * 2, compression="group4"),
        "JPEG in TIFF": wrapped.getvalue(),
        "PDF": files.pdf([jpeg] * 2),
        "fax PDF": files.fax_pdf([picture] * 2),
    }


def outcome(path: Path, data: bytes) -> list[str]:
    """Read a file as far as it can be; anything else than an IntakeError is a fault of ours."""
    path.write_bytes(data)
    told = []
    try:
        for page in stacks.pages(path):
            if isinstance(page, FailedPage):
                told.append("failed")
            else:
                cascade.find(page)
                told.append("read")
    except IntakeError:
        told.append("refused")
    return told


def failure(path: Path, data: bytes) -> IntakeError:
    """Return why the only page of a file failed."""
    path.write_bytes(data)
    (page,) = stacks.pages(path)
    assert isinstance(page, FailedPage)
    return page.error


def objects(*bodies: bytes) -> bytes:
    """Return a PDF of these objects, numbered from 1, the catalogue first."""
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(bodies) + 1, table)
    end += b"trailer<</Size %d/Root 1 0 R>>\n" % (len(bodies) + 1)
    return out + end + b"startxref\n%d\n%%%%EOF\n" % len(out)


def stream(data: bytes, facts: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (facts, len(data), data)


def tree(kids: bytes, count: int) -> bytes:
    return b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids)


def sized(jpeg: bytes, width: int, height: int) -> bytes:
    """Let a JPEG say another size than it has."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def test_garbage_behind_a_good_head_is_refused_or_fails(rng: Generator, tmp_path: Path) -> None:
    for head in HEADS:
        for _time in range(6):
            data = head + rng.bytes(int(rng.integers(1, 4000)))
            assert "read" not in outcome(tmp_path / "scan", data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "LZW", "G4", "JPEG in TIFF", "PDF", "fax PDF"])
def test_a_file_cut_anywhere_is_refused_or_loses_pages(
    whole: dict[str, bytes], tmp_path: Path, kind: str
) -> None:
    data = whole[kind]
    full = outcome(tmp_path / "scan", data)
    assert set(full) == {"read"}
    for share in np.linspace(0.02, 0.95, 12):
        assert outcome(tmp_path / "scan", data[: int(len(data) * share)]) != full


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "LZW", "G4", "JPEG in TIFF", "PDF", "fax PDF"])
def test_changed_bytes_do_nothing_worse_than_fail(
    rng: Generator, whole: dict[str, bytes], tmp_path: Path, kind: str
) -> None:
    for _time in range(8):
        data = bytearray(whole[kind])
        start = 0 if rng.random() < 0.5 else max(0, len(data) - 2000)
        for at in rng.integers(start, min(len(data), start + 2000), int(rng.integers(1, 10))):
            data[at] = int(rng.integers(0, 256))
        outcome(tmp_path / "scan", bytes(data))


def test_a_jpeg_that_lies_about_its_size_is_no_blank_page(
    whole: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "scan"
    assert outcome(path, sized(whole["JPEG"], 60_000, 60_000)) == ["refused"]
    for size in ((210, 2000), (3000, 3000)):
        path.write_bytes(sized(whole["JPEG"], *size))
        (page,) = stacks.pages(path)
        assert isinstance(page, ScannedPage)
        with pytest.raises(BrokenError, match="ends before its last row"):
            cascade.find(page)


def test_the_same_within_a_pdf(whole: dict[str, bytes], tmp_path: Path) -> None:
    facts = b"/Subtype/Image/Width 210/Height 300/BitsPerComponent 8/ColorSpace/DeviceGray"
    lying = stream(sized(whole["JPEG"], 60_000, 60_000), facts + b"/Filter/DCTDecode")
    error = failure(
        tmp_path / "scan", objects(CATALOG, tree(b"3 0 R", 1), PAGE, stream(SHOWN), lying)
    )
    assert isinstance(error, TooLargeError)
    assert error.what == "pixels"


def test_a_pdf_of_a_hundred_thousand_pages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(objects(CATALOG, tree(b"3 0 R " * 100_000, 100_000), EMPTY))
    with pytest.raises(TooLargeError) as raised:
        list(stacks.pages(path))
    assert (raised.value.what, raised.value.found) == ("pages", 100_000)


def test_a_tiff_of_many_pages_is_counted_only_to_the_limit(
    whole: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "scan"
    with path.open("wb") as out:
        files.jpeg_tiff([whole["JPEG"]] * 3000, out)
    with pytest.raises(TooLargeError) as raised:
        list(stacks.pages(path))
    assert (raised.value.what, raised.value.found) == ("pages", 2001)


def test_a_tree_of_pages_that_bites_its_tail_is_refused(tmp_path: Path) -> None:
    assert outcome(tmp_path / "scan", objects(CATALOG, tree(b"2 0 R", 1))) == ["refused"]
    nested = [tree(b"%d 0 R " % (level + 3) * 10, 10) for level in range(8)]
    assert outcome(tmp_path / "scan", objects(CATALOG, *nested, EMPTY)) == ["refused"]


def test_packing_within_packing_is_not_unpacked(tmp_path: Path) -> None:
    bomb = zlib.compress(zlib.compress(b"q Q\n" * 25_000_000, 9), 9)
    drawing = stream(bomb, b"/Filter[/FlateDecode/FlateDecode]")
    pdf = objects(CATALOG, tree(b"3 0 R", 1), EMPTY[:-2] + b"/Contents 4 0 R>>", drawing)
    assert len(pdf) < 10_000
    error = failure(tmp_path / "scan", pdf)
    assert isinstance(error, TooLargeError)
    assert error.what == "page bytes"


def test_a_page_as_large_as_a_field_is_not_drawn(tmp_path: Path) -> None:
    field = EMPTY.replace(b"595 842", b"90000 90000")[:-2] + b"/Contents 4 0 R>>"
    pdf = objects(CATALOG, tree(b"3 0 R", 1), field, stream(b"0 0 9 9 re f"))
    error = failure(tmp_path / "scan", pdf)
    assert isinstance(error, TooLargeError)
    assert error.what == "pixels"


def test_a_strip_is_no_page(tmp_path: Path) -> None:
    strip = files.encoded(np.full((9000, 8), 200, np.uint8), "JPEG")
    assert isinstance(failure(tmp_path / "scan", strip), NoPictureError)


def test_a_page_that_takes_too_long_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "_PATIENCE", 0.01)
    with pytest.raises(BrokenError, match="too long"):
        foreign.page(packet_of(1)[0].page.pdf, 72, 1_000_000)


def test_a_renderer_that_breaks_down_is_the_pages_failure() -> None:
    with pytest.raises(BrokenError):
        foreign.page(b"%PDF-1.7 and nothing else", 72, 1_000_000)


READING = """
import sys
from pathlib import Path
from registration.intake import stacks
pages = sum(type(page).__name__ == "ScannedPage" for page in stacks.pages(Path(sys.argv[1])))
print(pages, next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize("kind", ["tiff", "pdf"])
def test_a_thousand_pages_take_no_more_memory_than_one(
    rng: Generator, tmp_path: Path, kind: str
) -> None:
    """Only their taking out; the benchmark of the intake measures their reading."""
    jpeg = files.encoded(
        np.clip(rng.normal(200, 30, (1754, 1240)), 0, 255).astype(np.uint8), "JPEG"
    )
    path = tmp_path / "scan"
    with path.open("wb") as out:
        if kind == "tiff":
            files.jpeg_tiff([jpeg] * 1000, out)
        else:
            out.write(files.pdf([jpeg] * 1000))
    assert path.stat().st_size > 150_000_000
    command = [sys.executable, "-c", READING, str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    path.unlink()
    pages, most = (int(each) for each in re.findall(r"\d+", told))
    assert pages == 1000
    assert most // 1024 < 160


def test_what_a_decoder_fills_in_is_told_from_gray_paper(whole: dict[str, bytes]) -> None:
    gray = files.encoded(np.full((300, 210), 128, np.uint8), "PNG")
    assert pictures.gray(gray).mean() == 128
    assert pictures.gray(whole["JPEG"]).shape == (300, 210)

"""Files from scanners: taken apart page by page, or refused with what is wrong."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from numpy.random import Generator
from PIL import Image

from registration.intake import stacks
from registration.intake.errors import (
    BrokenError,
    EncryptedError,
    IntakeError,
    NoPictureError,
    TooLargeError,
    UnknownFormatError,
)
from registration.intake.pictures import Picture
from registration.intake.scans import FailedPage, Limits, ScannedPage
from tests.intake import files
from tests.intake.born import packet_of

Kept = Callable[[bytes], Path]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Write bytes to a file whose name says nothing."""

    def keep(data: bytes) -> Path:
        path = tmp_path / "scan"
        path.write_bytes(data)
        return path

    return keep


def taken(path: Path, start: int = 1, limits: Limits = stacks.USUAL) -> list[ScannedPage]:
    pages = list(stacks.pages(path, start, limits))
    assert all(isinstance(each, ScannedPage) for each in pages), pages
    return pages


def small(rng: Generator, number: int = 0) -> Picture:
    """Return a picture that differs from the others in its mean."""
    return np.clip(rng.normal(100 + 20 * number, 20, (420, 297)), 0, 255).astype(np.uint8)


def test_a_scanners_pdf_gives_its_jpegs_to_the_bit(rng: Generator, kept: Kept) -> None:
    jpegs = [files.encoded(small(rng, at), "JPEG") for at in range(4)]
    pages = taken(kept(files.pdf(jpegs, turn=90)))
    assert [each.original.data for each in pages] == jpegs
    assert [each.number for each in pages] == [1, 2, 3, 4]
    assert {(each.width, each.height, each.turn) for each in pages} == {(297, 420, 90)}
    assert pages[0].dpi == pytest.approx((35.92, 35.92), abs=0.01)


def test_reading_goes_on_at_any_page(rng: Generator, kept: Kept) -> None:
    jpegs = [files.encoded(small(rng, at), "JPEG") for at in range(4)]
    assert [each.original.data for each in taken(kept(files.pdf(jpegs)), 3)] == jpegs[2:]
    tiff = kept(files.tiff([small(rng, at) for at in range(4)], compression="tiff_lzw"))
    assert [each.number for each in taken(tiff, 4)] == [4]


def test_a_jpeg_and_a_png_are_stacks_of_one(rng: Generator, kept: Kept) -> None:
    for kind in ("JPEG", "PNG"):
        data = files.encoded(small(rng), kind, 200)
        (page,) = taken(kept(data))
        assert (page.original.media, page.original.data) == (f"image/{kind.lower()}", data)
        assert page.dpi == pytest.approx((200, 200), abs=0.1)


def test_a_phone_says_how_its_picture_is_turned(rng: Generator, kept: Kept) -> None:
    exif = Image.Exif()
    exif[274] = 6
    (page,) = taken(kept(files.encoded(small(rng), "JPEG", exif=exif)))
    assert page.turn == 90
    assert page.gray().shape == (420, 297)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_a_tiffs_pixels_are_kept(rng: Generator, kept: Kept, compression: str) -> None:
    pictures = [small(rng, at) for at in range(3)]
    pages = taken(kept(files.tiff(pictures, compression=compression)))
    for page, picture in zip(pages, pictures, strict=True):
        assert np.array_equal(page.gray(), picture)


def test_a_jpeg_within_a_tiff_stays_a_jpeg(rng: Generator, kept: Kept) -> None:
    pictures = [small(rng, at) for at in range(2)]
    pages = taken(kept(files.tiff(pictures, compression="jpeg", strip_size=1 << 30)))
    assert {each.original.media for each in pages} == {"image/jpeg"}
    for page, picture in zip(pages, pictures, strict=True):
        assert np.abs(page.gray().astype(int) - picture).mean() < 10


def test_faxes_keep_their_two_tones(rng: Generator, kept: Kept) -> None:
    pictures = [np.where(small(rng, at) > 110, 255, 0).astype(np.uint8) for at in range(2)]
    for data in (files.tiff(pictures, compression="group4"), files.fax_pdf(pictures)):
        pages = taken(kept(data))
        assert {each.original.media for each in pages} == {"image/tiff"}
        for page, picture in zip(pages, pictures, strict=True):
            assert np.array_equal(page.gray(), picture)


def test_a_page_of_more_than_a_picture_is_rendered_and_kept_whole(kept: Kept) -> None:
    printed = packet_of(1)[0].page.pdf
    (page,) = taken(kept(printed))
    assert page.original.media == "application/pdf"
    assert page.picture.media == "image/jpeg"
    assert (page.width, page.height) == (2481, 3508)


def test_a_picture_with_something_drawn_over_it_is_rendered(rng: Generator, kept: Kept) -> None:
    path = kept(files.pdf([files.encoded(small(rng), "JPEG")]))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        page = document.pages[0]
        page.contents_add(b"0 0 300 400 re f")
        document.save(path)
    (page,) = taken(path)
    assert page.original.media == "application/pdf"
    assert page.gray()[-200:, :200].max() < 10


REFUSED: list[tuple[str, Callable[[Generator], bytes], type[IntakeError]]] = [
    ("empty", lambda _rng: b"", BrokenError),
    ("a text", lambda _rng: b"Dear office, please find", UnknownFormatError),
    (
        "locked",
        lambda rng: files.pdf([files.encoded(small(rng), "JPEG")], password="x"),
        EncryptedError,
    ),
    (
        "half a PDF",
        lambda rng: files.pdf([files.encoded(small(rng), "JPEG")] * 3)[:-9000],
        BrokenError,
    ),
    ("no page", lambda _rng: files.pdf([]), NoPictureError),
    ("a head only", lambda _rng: b"%PDF-1.7\n", BrokenError),
    ("half a PNG's head", lambda _rng: b"\x89PNG\r\n\x1a\n\x00\x00", BrokenError),
    ("half a TIFF's head", lambda _rng: b"II*\x00\x08\x00\x00\x00", BrokenError),
]


@pytest.mark.parametrize(("what", "made", "error"), REFUSED, ids=[each[0] for each in REFUSED])
def test_a_file_is_refused_with_what_is_wrong(
    rng: Generator,
    kept: Kept,
    what: str,
    made: Callable[[Generator], bytes],
    error: type[IntakeError],
) -> None:
    with pytest.raises(error):
        list(stacks.pages(kept(made(rng))))


def test_a_file_that_is_only_locked_against_changes_is_read(rng: Generator, kept: Kept) -> None:
    jpeg = files.encoded(small(rng), "JPEG")
    (page,) = taken(kept(files.pdf([jpeg], owner="the copier's")))
    assert page.original.data == jpeg


def test_a_page_that_fails_does_not_take_the_others(rng: Generator, kept: Kept) -> None:
    jpeg = files.encoded(small(rng), "JPEG")
    pages = list(stacks.pages(kept(files.pdf([jpeg, jpeg[:4000], jpeg]))))
    assert [type(each) for each in pages] == [ScannedPage, FailedPage, ScannedPage]
    assert isinstance(pages[1], FailedPage)
    assert (pages[1].number, str(pages[1].error)) == (2, "picture: cut off")


def test_half_a_png_fails_as_a_page(rng: Generator, kept: Kept) -> None:
    data = files.encoded(small(rng), "PNG")
    (page,) = stacks.pages(kept(data[: len(data) // 2]))
    assert isinstance(page, FailedPage)
    assert isinstance(page.error, BrokenError)


def test_the_pages_of_half_a_tiff_that_are_there_are_taken(rng: Generator, kept: Kept) -> None:
    data = files.tiff([small(rng, at) for at in range(3)], compression="raw")
    whole = list(stacks.pages(kept(data)))
    cut = list(stacks.pages(kept(data[:-30_000])))
    assert [type(each) for each in whole] == [ScannedPage] * 3
    assert [type(each) for each in cut].count(FailedPage) == 1


def test_bombs_are_not_unpacked(rng: Generator, kept: Kept) -> None:
    with pytest.raises(TooLargeError):
        list(stacks.pages(kept(files.bomb_png(20_000))))
    path = kept(files.bomb_png(10_000))
    tracemalloc.start()
    (page,) = stacks.pages(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(page, FailedPage)
    assert isinstance(page.error, TooLargeError)
    assert (page.error.what, page.error.found) == ("pixels", 100_000_000)
    assert peak < 5_000_000


def test_more_pages_or_bytes_than_the_limit_are_refused(rng: Generator, kept: Kept) -> None:
    path = kept(files.pdf([files.encoded(small(rng), "JPEG")] * 3))
    for limits, what in ((Limits(pages=2), "pages"), (Limits(file_bytes=1000), "bytes")):
        with pytest.raises(TooLargeError) as raised:
            list(stacks.pages(path, limits=limits))
        assert raised.value.what == what


def test_a_drawing_that_unpacks_without_end_fails(kept: Kept) -> None:
    path = kept(b"")
    with pikepdf.new() as document:
        page = document.add_blank_page()
        page.Contents = document.make_stream(b"q Q\n" * 10_000_000)
        document.save(path)
    assert path.stat().st_size < 200_000
    (failed,) = stacks.pages(path)
    assert isinstance(failed, FailedPage)
    assert isinstance(failed.error, TooLargeError)

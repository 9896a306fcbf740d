"""Scans as files: what scanners and people hand in, whole and broken."""

import struct
from collections.abc import Iterable, Sequence
from io import SEEK_END, BytesIO
from typing import BinaryIO

import numpy as np
import pikepdf
from PIL import Image

from registration.intake.pictures import Picture
from registration.intake.scans import Original, ScannedPage

A4 = (595.276, 841.89)


def image(picture: Picture, *, two_tones: bool = False) -> Image.Image:
    made = Image.fromarray(picture)
    return made.convert("1", dither=Image.Dither.NONE) if two_tones else made


def encoded(picture: Picture, kind: str, dpi: int = 300, **how: object) -> bytes:
    """Encode as "JPEG", "PNG" or "TIFF"."""
    out = BytesIO()
    image(picture).save(out, kind, dpi=(dpi, dpi), **how)
    return out.getvalue()


def page(picture: Picture, dpi: int = 300, quality: int = 75) -> ScannedPage:
    """Return a scan as it comes out of a stack."""
    original = Original("image/jpeg", encoded(picture, "JPEG", dpi, quality=quality))
    high, wide = picture.shape[:2]
    return ScannedPage(1, original, original, wide, high, (float(dpi), float(dpi)))


def tiff(pictures: Sequence[Picture], dpi: int = 150, **how: object) -> bytes:
    """Return several pages in one TIFF; `compression="group4"` makes them two-tone."""
    two_tones = how.get("compression") == "group4"
    first, *rest = (image(each, two_tones=two_tones) for each in pictures)
    out = BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=(dpi, dpi), **how)
    return out.getvalue()


def pdf(jpegs: Sequence[bytes], *, turn: int = 0, password: str = "", owner: str = "") -> bytes:
    """Return a PDF as a scanner writes it: each page one JPEG over the whole of it."""
    out = BytesIO()
    with pikepdf.new() as document:
        for jpeg in jpegs:
            _jpeg_page(document, jpeg, turn)
        locked = pikepdf.Encryption(user=password, owner=owner or password)
        document.save(out, encryption=locked if password or owner else False)
    return out.getvalue()


def _jpeg_page(document: pikepdf.Pdf, jpeg: bytes, turn: int) -> None:
    with Image.open(BytesIO(jpeg)) as made:
        wide, high = made.size
        space = "/DeviceGray" if made.mode == "L" else "/DeviceRGB"
    size = A4 if high >= wide else A4[::-1]
    stream = pikepdf.Stream(document, jpeg)
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = wide, high, 8
    stream.ColorSpace, stream.Filter = pikepdf.Name(space), pikepdf.Name.DCTDecode
    added = document.add_blank_page(page_size=size)
    added.Rotate = turn
    added.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
    added.Contents = document.make_stream(b"q %f 0 0 %f 0 0 cm /Im0 Do Q" % size)


def fax_pdf(pictures: Sequence[Picture], dpi: int = 150) -> bytes:
    """Return a PDF whose pages are CCITT, as Pillow writes two-tone pictures."""
    out = BytesIO()
    first, *rest = (image(each, two_tones=True) for each in pictures)
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=dpi)
    return out.getvalue()


def bomb_png(side: int) -> bytes:
    """Return a small file that unpacks to side × side pixels."""
    out = BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    return out.getvalue()


def blank(rng: np.random.Generator, dpi: int = 300) -> Picture:
    """Return the empty back of a sheet."""
    size = (round(11.69 * dpi), round(8.27 * dpi))
    return np.clip(rng.normal(238, 3, size), 0, 255).astype(np.uint8)


def empty_pdf() -> bytes:
    """Return a PDF of one empty A4 page."""
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=A4)
        document.save(out, deterministic_id=True)
    return out.getvalue()


def faxes(tiffs: Sequence[bytes]) -> bytes:
    """Return a PDF whose pages are two-tone TIFFs, as CCITT."""
    pictures = [np.asarray(Image.open(BytesIO(each)).convert("L")) for each in tiffs]
    return fax_pdf(pictures)


def jpeg_tiff(jpegs: Iterable[bytes], out: BinaryIO, dpi: int = 300) -> None:
    """Write a TIFF as a copier does: each page one JPEG in one strip (TIFF technical note 2)."""
    out.write(struct.pack("<2sHI", b"II", 42, 0))
    link = 4
    for jpeg in jpegs:
        strip = _laid_down(out, jpeg)
        resolution = _laid_down(out, struct.pack("<II", dpi, 1))
        entries = _entries(jpeg, strip, resolution)
        at = _laid_down(out, struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))
        out.seek(link)
        out.write(struct.pack("<I", at))
        out.seek(0, SEEK_END)
        link = out.tell() - 4


def _laid_down(out: BinaryIO, data: bytes) -> int:
    """Write at the next even place of a file; return where."""
    at = out.tell() + out.tell() % 2
    out.seek(at)
    out.write(data)
    return at


def _entries(jpeg: bytes, strip: int, resolution: int) -> list[bytes]:
    with Image.open(BytesIO(jpeg)) as image:
        wide, high, colours = *image.size, len(image.getbands())
    short, long, ratio = 3, 4, 5
    values = (
        (256, long, wide),
        (257, long, high),
        (258, short, 8),  # of three colours the first is told, the others are alike
        (259, short, 7),
        (262, short, 1 if colours == 1 else 6),
        (273, long, strip),
        (277, short, colours),
        (278, long, high),
        (279, long, len(jpeg)),
        (282, ratio, resolution),
        (283, ratio, resolution),
        (296, short, 2),
    )
    return [struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in values]

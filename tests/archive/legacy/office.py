"""What an office has: a list out of its spreadsheet program, a folder of scans."""

import io
from pathlib import Path

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

HEADER = "Број списа;Презиме;Име;ЈМБГ;Број личне карте;Датум;Шифра станице;Важи до;Скенови"
LATIN = "Broj spisa;Prezime;Ime;JMBG;Broj lične karte;Datum;Šifra stanice;Važi do;Skenovi"
FIRST = "17/2015;Ђорђевић;Ђура;0101990610020;001234567;2.3.2015.;071;2.3.2020.;17.pdf|17a.tif"
LATIN_FIRST = "17/2015;Đorđević;Đura;0101990610020;001234567;2.3.2015.;071;2.3.2020.;17.pdf|17a.tif"


def pdf(pages: int) -> bytes:
    data = io.BytesIO()
    canvas = Canvas(data)
    for number in range(pages):
        canvas.drawString(100, 700, f"strana {number + 1}")
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def picture(kind: str, pages: int = 1) -> bytes:
    data = io.BytesIO()
    first, *more = [Image.new("L", (40, 60), 200 + number) for number in range(pages)]
    several = {"save_all": True, "append_images": more} if more else {}
    first.save(data, kind, **several)
    return data.getvalue()


def scans(folder: Path) -> Path:
    folder.mkdir()
    (folder / "17.pdf").write_bytes(pdf(3))
    (folder / "17a.tif").write_bytes(picture("TIFF", 2))
    (folder / "18.jpg").write_bytes(picture("JPEG"))
    return folder


def sheet(path: Path, *rows: str, encoding: str = "utf-8-sig", header: str = HEADER) -> Path:
    path.write_bytes("\r\n".join((header, *rows, "")).encode(encoding))
    return path

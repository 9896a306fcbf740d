"""The validator is worth what it finds: files damaged on purpose, each with the rules it offends.

Numbers are clause and test: of ISO 19005-2 for 2a and 2b, of ISO 14289-1 for ua1.
"""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from pypdf import PdfWriter
from weasyprint import HTML

from registration.documents import accessible
from tests.documents import verapdf
from tests.documents.case import CASE
from tests.documents.verapdf import findings, rules
from tests.documents.ways import ALL, WAYS, tagged

COVER = next(version for version, _copy in ALL if version.kind == "cover")


def plain() -> bytes:
    return WAYS["stamped"].make(CASE)[f"cover {COVER.code}, copy 1"]


def damaged(
    pdf: bytes, damage: Callable[[pikepdf.Pdf], None], encryption: pikepdf.Encryption | None = None
) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        damage(document)
        document.save(out, encryption=encryption or False)
    return out.getvalue()


def html(body: str, variant: str) -> bytes:
    page = f'<html lang="sr"><title>Лист</title><main><h1>Лист</h1>{body}</main>'
    written: bytes = HTML(string=page).write_pdf(pdf_variant=variant)
    return written


def picture() -> str:
    """Return an image of nine by nine pixels as the address of an <img>."""
    out = BytesIO()
    Image.new("RGB", (9, 9), "red").save(out, "PNG")
    return f"data:image/png;base64,{b64encode(out.getvalue()).decode()}"


def no_intent(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents


def no_font(document: pikepdf.Pdf) -> None:
    descriptors = (each for each in document.objects if isinstance(each, Dictionary))
    del next(each for each in descriptors if "/FontFile2" in each)["/FontFile2"]


def no_metadata(document: pikepdf.Pdf) -> None:
    del document.Root.Metadata


def no_tags(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot


def no_language(document: pikepdf.Pdf) -> None:
    del document.Root.Lang


def no_title(document: pikepdf.Pdf) -> None:
    told = document.Root.Metadata.read_bytes()
    assert b"dc:title" in told
    document.Root.Metadata = document.make_stream(
        told.replace(b"dc:title", b"dc:source"), Type=Name.Metadata, Subtype=Name.XML
    )


def form_field(document: pikepdf.Pdf) -> None:
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="a", Rect=Array([0, 0, 90, 9]), F=4
        )
    )
    document.pages[0].obj.Annots = Array([field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]))


def script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def printers_ink(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"/Artifact BMC 0 1 0 0 k 0 0 9 9 re f EMC")


def unmarked(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"0 0 9 9 re f")


@pytest.mark.parametrize(
    ("damage", "offended"),
    [
        (no_intent, {"6.2.4.3-2", "6.2.4.3-4"}),
        (no_font, {"6.2.11.4.1-1"}),
        (no_metadata, {"6.6.2.1-1"}),
        (form_field, {"6.3.3-1"}),
        (script, {"6.5.1-1"}),
        (printers_ink, {"6.2.4.3-3"}),
    ],
)
def test_what_a_printed_paper_must_not_lack_or_have(
    damage: Callable[[pikepdf.Pdf], None], offended: set[str]
) -> None:
    assert rules(damaged(plain(), damage), "2b") == offended


@pytest.mark.parametrize(
    ("damage", "archived", "read_out"),
    [
        (no_tags, {"6.7.3.3-1"}, {"7.1-3", "7.1-11"}),
        (no_title, {"6.6.2.3.1-2"}, {"7.1-9"}),
        (no_language, set(), {"7.2-2", "7.2-33", "7.2-34"}),
        (unmarked, set(), {"7.1-3"}),
    ],
)
def test_what_a_paper_that_is_read_out_must_not_lack_or_have(
    damage: Callable[[pikepdf.Pdf], None], archived: set[str], read_out: set[str]
) -> None:
    pdf = damaged(tagged(COVER, CASE), damage)
    assert (rules(pdf, "2a"), rules(pdf, "ua1")) == (archived, read_out)


def test_a_picture_that_is_smoothed() -> None:
    """WeasyPrint writes /Interpolate for a PNG: our codes are vectors."""
    assert rules(html(f'<img src="{picture()}">', "pdf/a-2b"), "2b") == {"6.2.8-3"}


@pytest.mark.parametrize(
    ("body", "offended"),
    [
        ("<h2>Део</h2><h4>Тачка</h4>", {"7.4.2-1"}),
        (f'<img src="{picture()}" style="image-rendering: pixelated">', {"7.3-1"}),
        ("<table><tr><th>а<th>б<tr><td>1<td>2<td>3</table>", {"7.2-42"}),
        ("<table><tr><th colspan=2>а<th>б<tr><td>1<td>2<td>3</table>", {"7.5-1"}),
        ("<table><tr><th>а<th>б<tr><td>1<td>2</table>", set()),
        ("<ol><li>један<li>два</ol><p><a href='#'>горе</a></p>", set()),
    ],
)
def test_structure_that_is_read_out(body: str, offended: set[str]) -> None:
    assert rules(accessible.complete(html(body, accessible.VARIANT)), "ua1") == offended


def test_a_file_that_was_merged_in_the_wrong_way() -> None:
    writer, out = PdfWriter(), BytesIO()
    writer.append(BytesIO(plain()))
    writer.write(out)
    assert rules(out.getvalue(), "2b") == {"6.1.3-1", "6.2.4.3-2", "6.2.4.3-4", "6.6.2.1-1"}


def test_a_file_under_lock() -> None:
    open_to_read = pikepdf.Encryption(owner="a", user="")
    assert rules(damaged(plain(), lambda _: None, open_to_read), "2b") == {"6.1.3-2"}
    closed = pikepdf.Encryption(owner="a", user="b")
    assert rules(damaged(plain(), lambda _: None, closed), "2b") == {"unreadable"}


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7", b"papers"])
def test_what_is_no_file(pdf: bytes) -> None:
    assert rules(pdf, "2b") == {"unreadable"}


def test_a_file_cut_off() -> None:
    assert rules(plain()[:9000], "2b") == {"unreadable"}


@pytest.mark.parametrize(
    ("flavour", "offended"),
    [("2b", set()), ("2u", {"6.6.4-3"}), ("3b", {"6.6.4-2"})],
)
def test_it_asks_for_the_flavour_that_was_meant(flavour: str, offended: set[str]) -> None:
    assert rules(plain(), flavour) == offended


def test_a_finding_says_what_is_wrong() -> None:
    (finding,) = findings(damaged(plain(), script), "2b")
    assert finding.startswith("6.5.1-1: The Launch, Sound, Movie")


def test_without_java_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verapdf.missing() == ""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.skip.Exception, match="default-jre-headless"):
        findings(b"", "2b")


def test_java_that_is_there_and_does_not_start_is_an_error(tmp_path: Path) -> None:
    library = tmp_path / "lib" / "server" / "libjvm.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"broken")
    asked = "from tests.documents.verapdf import findings; findings(b'', '2b')"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | {"JAVA_HOME": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        stderr=subprocess.PIPE,
        check=False,
    )
    assert told.returncode == 1
    assert f"JVM DLL not found: {library}".encode() in told.stderr

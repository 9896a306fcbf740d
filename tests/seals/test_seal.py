"""A sealed paper is the paper, with a seal that others than us find valid too."""

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from registration.seals import checks, pades
from registration.seals.base import Level, SealFinding, Verdict
from registration.seals.errors import PaperUnsealableError
from tests.seals.conftest import Make
from tests.seals.stamper import Stamper


def run(*command: str | Path, home: Path) -> str:
    """Return what a program says that looks for its own settings in an empty home."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env={**os.environ, "HOME": str(home)},
    )
    return done.stdout + done.stderr


LEVELS = ["B-B", "B-T", "B-LTA"]
SIGNATURES = {"B-B": 1, "B-T": 1, "B-LTA": 2}  # the last of two is the document's own stamp


def pictures(pdf: bytes) -> list[bytes]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=1).to_pil().tobytes() for page in document]


@pytest.mark.parametrize("level", LEVELS)
def test_the_seal_says_who_and_when_and_proves_its_level(
    sealed: dict[str, bytes], server: Stamper, level: str
) -> None:
    now = datetime.now(UTC)
    finding = checks.check(sealed[level], [server.pki.root.der], now)
    when = finding.sealed_at
    assert finding == SealFinding(
        Verdict.SOUND, server.pki.seal.name, when, Level(level), intact=True, covers_whole=True
    )
    assert when is not None
    assert timedelta(0) <= now - when < timedelta(minutes=5)


@pytest.mark.parametrize("level", LEVELS)
def test_the_paper_itself_comes_first_and_looks_the_same(
    paper: bytes, sealed: dict[str, bytes], level: str
) -> None:
    assert sealed[level].startswith(paper)
    assert pictures(sealed[level]) == pictures(paper)


@pytest.mark.parametrize("level", LEVELS)
def test_the_file_goes_on_declaring_pdf_a(sealed: dict[str, bytes], level: str) -> None:
    with pikepdf.open(BytesIO(sealed[level])) as pdf, pdf.open_metadata() as metadata:
        assert pdf.check_pdf_syntax() == []
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")


@pytest.mark.parametrize("level", LEVELS)
def test_poppler_agrees(sealed: dict[str, bytes], level: str, tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed[level])
    said = run("pdfsig", "-nocert", tmp_path / "sealed.pdf", home=tmp_path)
    verdicts = re.findall(r"Signature Validation: (.*)", said)
    assert len(verdicts) == SIGNATURES[level]
    assert verdicts[0] == "Signature is Valid."  # it does not look at stamps of documents
    assert "Signer Certificate Common Name: Печат ПУ Београд" in said
    assert said.count("Total document signed") == 1


def test_openssl_agrees_with_the_stamp_over_the_whole_file(
    sealed: dict[str, bytes], server: Stamper, tmp_path: Path
) -> None:
    pdf = sealed["B-LTA"]
    *_, found = re.finditer(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+) *\]", pdf)
    start, length, again, rest = map(int, found.groups())
    assert (start, again + rest) == (0, len(pdf))
    token = bytes.fromhex(pdf[length + 1 : again - 1].decode())  # DER says itself where it ends
    (tmp_path / "covered").write_bytes(pdf[:length] + pdf[again:])
    (tmp_path / "token").write_bytes(token)
    (tmp_path / "root.pem").write_bytes(server.pki.root.pem)
    (tmp_path / "body.pem").write_bytes(server.pki.body.pem)
    verify = ["openssl", "ts", "-verify", "-data", tmp_path / "covered", "-token_in", "-in"]
    chain = ["-CAfile", tmp_path / "root.pem", "-untrusted", tmp_path / "body.pem"]
    assert "Verification: OK" in run(*verify, tmp_path / "token", *chain, home=tmp_path)


def test_a_sealed_paper_is_not_sealed_again(sealed: dict[str, bytes], sealer: Make) -> None:
    with pytest.raises(PaperUnsealableError) as caught:
        pades.seal(sealed["B-B"], sealer("B-B"))
    assert caught.value.reason == "signed-already"


def test_what_is_no_pdf_or_encrypted_is_not_sealed(paper: bytes, sealer: Make) -> None:
    locked = BytesIO()
    with pikepdf.open(BytesIO(paper)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    for file, reason in ((b"", "not-a-pdf"), (paper[:-100], "not-a-pdf"), (paper[9:], "not-a-pdf")):
        with pytest.raises(PaperUnsealableError) as caught:
            pades.seal(file, sealer("B-B"))
        assert caught.value.reason == reason
    with pytest.raises(PaperUnsealableError) as caught:
        pades.seal(locked.getvalue(), sealer("B-B"))
    assert caught.value.reason == "encrypted"

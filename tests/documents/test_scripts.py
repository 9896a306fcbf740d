"""The packet in the script that the citizen chose."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from registration.documents import codes, packet
from registration.documents.packet import PrintedPacket
from registration.rules.scripts import Script, to_latin
from tests.documents.case import CASE, PRESS, WANTED

CYRILLIC = re.compile("[\u0400-\u04ff]")


@pytest.fixture(scope="module")
def cyrillic() -> PrintedPacket:
    return packet.make(replace(CASE, script=Script.CYRILLIC), WANTED, PRESS)


@pytest.fixture(scope="module")
def latin() -> PrintedPacket:
    return packet.make(replace(CASE, script=Script.LATIN), WANTED, PRESS)


def words(pdf: bytes) -> str:
    """Return the words without the hyphens and line ends that the layout put in."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"[\s\u2010\u00ad-]", "", text)


def test_no_letter_is_left_in_the_other_script(latin: PrintedPacket) -> None:
    for paper in latin.papers:
        assert not CYRILLIC.findall(words(paper.pdf)), paper.version.kind
    assert "MilicaĐorđević" in words(latin.papers[0].pdf)


def test_both_say_the_same(cyrillic: PrintedPacket, latin: PrintedPacket) -> None:
    for here, there in zip(cyrillic.papers, latin.papers, strict=True):
        assert prose(to_latin(words(here.pdf))) == prose(words(there.pdf)), here.version.kind


def prose(text: str) -> list[str]:
    """Return the letters in their order of the alphabet; pages may break elsewhere."""
    return sorted(re.sub(r"[0-9A-Z]", "", text))


def test_codes_hold_in_both(latin: PrintedPacket) -> None:
    for paper in latin.papers:
        assert all(codes.verify(page.code, page.content_hash, PRESS.key) for page in paper.pages)


def test_the_reader_of_the_file_is_told_the_script(
    cyrillic: PrintedPacket, latin: PrintedPacket
) -> None:
    told = [
        PdfReader(BytesIO(each.papers[0].pdf)).root_object["/Lang"] for each in (cyrillic, latin)
    ]
    assert told == ["sr-Cyrl", "sr-Latn"]

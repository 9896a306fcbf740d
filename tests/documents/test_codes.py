"""Page codes: what they say, and that only the office can make them."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from registration.documents import codes
from registration.documents.codes import CodeKey, PageCode

KEY = CodeKey("A", bytes(range(32)))
CONTENT = hashlib.sha256(b"a page").hexdigest()
CODE = PageCode("A", "260000001", "contract", "001", copy=2, page=3, pages=4, run=1)


def test_a_code_says_what_the_page_is() -> None:
    text = codes.compose(CODE, CONTENT, KEY)
    assert text[:-10] == "1A260000001CT00120304" + "01"
    assert len(text) == codes.LENGTH
    assert replace(PageCode.parse(text), mac="") == CODE


def test_a_code_is_read_from_the_line_that_a_person_types() -> None:
    text = codes.compose(CODE, CONTENT, KEY)
    assert PageCode.parse(codes.human_line(text).lower()) == PageCode.parse(text)


def test_every_character_is_proven() -> None:
    text = codes.compose(CODE, CONTENT, KEY)
    assert codes.verify(text, CONTENT, KEY)
    other = "B" if text[-1] != "B" else "C"
    assert not codes.verify(text[:-1] + other, CONTENT, KEY)
    assert not codes.verify(text.replace("260000001", "260000002"), CONTENT, KEY)


def test_another_page_or_another_office_does_not_fit() -> None:
    text = codes.compose(CODE, CONTENT, KEY)
    assert not codes.verify(text, hashlib.sha256(b"another").hexdigest(), KEY)
    assert not codes.verify(text, CONTENT, CodeKey("A", bytes(32)))
    assert not codes.verify(text, CONTENT, CodeKey("B", KEY.secret))


@pytest.mark.parametrize("text", ["", "1A", "2" + "A" * 32, "1A260000001XX0012030401ABCDEFGHIJ"])
def test_garbage_is_no_code(text: str) -> None:
    with pytest.raises(codes.CodeError):
        PageCode.parse(text)


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(codes.CodeError):
        codes.compose(replace(CODE, page=100), CONTENT, KEY)


def test_the_key_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    first = codes.read_key(tmp_path)
    assert codes.read_key(tmp_path) == first
    assert (tmp_path / "page-code.key").stat().st_mode & 0o077 == 0

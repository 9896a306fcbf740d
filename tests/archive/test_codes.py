"""Codes as scanners type them: any keyboard, any layout; a wrong character is noticed."""

import itertools

import pytest

from archive import codes

LATIN = "QWERTZUIOPASDFGHJKLYXCVBNM"
SERBIAN = {  # what the keys of the Latin letters give
    "cyrillic": "ЉЊЕРТЅУИОПАСДФГХЈКЛЗЏЦВБНМ",
    "latin": "QWERTYUIOPASDFGHJKLZXCVBNM",
}


@pytest.fixture(scope="module")
def code() -> str:
    return codes.make(codes.Kind.FOLDER)


@pytest.mark.parametrize("layout", SERBIAN)
def test_a_code_is_read_from_a_serbian_keyboard(code: str, layout: str) -> None:
    typed = code.translate(str.maketrans(LATIN, SERBIAN[layout]))
    assert (codes.read(typed), codes.read(typed.lower())) == (code, code)


def test_a_code_is_read_as_a_person_types_it(code: str) -> None:
    assert codes.read(f" {codes.spaced(code).lower()}\r") == code
    typed = code.replace("0", "O").replace("1", "l")
    assert codes.read(typed.replace("l", "I")) == code


def test_every_wrong_and_every_exchanged_pair_of_characters_is_noticed(code: str) -> None:
    def wrong(text: str) -> bool:
        try:
            return codes.read(text) is None
        except codes.MistypedError:
            return True

    places = range(1, codes.LENGTH)
    for place, letter in itertools.product(places, codes.ALPHABET):
        changed = code[:place] + letter + code[place + 1 :]
        assert changed == code or wrong(changed)
    for one, other in itertools.combinations(places, 2):
        letters = list(code)
        letters[one], letters[other] = letters[other], letters[one]
        exchanged = "".join(letters)
        assert exchanged == code or wrong(exchanged)


@pytest.mark.parametrize("text", ["", "Петровић", "BRANISLAVLJE", "123/2026", "Стефан Симић"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert codes.read(text) is None


def test_a_printed_page_names_its_case() -> None:
    assert codes.case_of_page("1A 260000123 FL 001 1 01 01 01 78ABC DEFGH") == "260000123"
    assert codes.case_of_page("260000123") is None

"""Numbers: refused when they cannot be, confirmed when they look wrong, kept with their zeros."""

from datetime import date

import pytest

from registration.rules import digits, document_number, jmbg
from tests.rules.people import TODAY


def codes(number: str, *, foreigner: bool = False) -> list[tuple[str, bool]]:
    found = jmbg.check(number, foreigner=foreigner, today=TODAY)
    return [(finding.code, finding.blocking) for finding in found]


@pytest.mark.parametrize("number", ["0101990610020", "0101990610070", "0101990600008"])
def test_a_good_jmbg_passes(number: str) -> None:
    assert codes(number) == []


@pytest.mark.parametrize(
    "number", ["", "010199061002", "01019906100200", "010199061002x", "٠١٠١٩٩٠٦١٠٠٢٠"]
)
def test_a_jmbg_has_thirteen_digits(number: str) -> None:
    assert codes(number) == [("jmbg-not-13-digits", True)]


@pytest.mark.parametrize("number", ["3202990610020", "0113990610020", "0101799610020"])
def test_a_jmbg_begins_with_a_day_in_the_past(number: str) -> None:
    assert codes(number) == [("jmbg-date-impossible", True)]


def test_a_wrong_check_digit_only_warns() -> None:
    assert codes("0101990610021") == [("jmbg-check-digit", False)]


def test_a_region_is_never_refused() -> None:
    assert codes("0101990990027") == []


@pytest.mark.parametrize("number", ["0101990610021", "9999999999999"])
def test_a_foreigner_s_number_has_no_date_and_no_check_digit(number: str) -> None:
    assert codes(number, foreigner=True) == []


def test_but_thirteen_digits() -> None:
    assert codes("12345", foreigner=True) == [("jmbg-not-13-digits", True)]


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("0101990610020", date(1990, 1, 1)),
        ("2902004610020", date(2004, 2, 29)),
        ("0101800610020", date(1800, 1, 1)),
        ("0101799610020", date(2799, 1, 1)),
        ("3002004610020", None),
        ("", None),
    ],
)
def test_the_date_of_birth_stands_in_the_number(number: str, born: date | None) -> None:
    assert jmbg.born_on(number) == born


def test_the_sentence_says_what_to_do() -> None:
    (finding,) = jmbg.check("123", foreigner=False, today=TODAY)
    assert finding.sentence == (
        "The number of the person must have 13 digits, but what was typed has 3 characters:"
        " compare it with the identity card."
    )


def test_a_card_number_keeps_its_zeros() -> None:
    assert document_number.check("001234567") == ()


@pytest.mark.parametrize("number", ["", "1234567", "0012345678", "00123456x", "001 234 567"])
def test_a_card_number_has_nine_digits(number: str) -> None:
    (finding,) = document_number.check(number)
    assert (finding.code, finding.blocking) == ("document-number-not-9-digits", True)


def test_spaces_between_groups_are_dropped() -> None:
    assert digits.clean(" 001 234-567 ") == "001234567"

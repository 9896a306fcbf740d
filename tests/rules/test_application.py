"""One look over the whole form: all findings at once, and what the officer may confirm."""

from typing import Any

import pytest

from registration.rules import address, application, certificate_email
from registration.rules.findings import Finding
from tests.rules.people import RULES, TODAY, petar


def check(email_choice: str = "no", **options: Any) -> tuple[Finding, ...]:
    applicant = options.pop("applicant", petar())
    return application.check(applicant, RULES, today=TODAY, email_choice=email_choice, **options)


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in found]


def test_a_good_application_passes() -> None:
    assert check() == ()


def test_everything_is_found_at_once() -> None:
    applicant = petar(
        surname="", given_name=" ", jmbg="1", document_number="2", certificate_email="x@y"
    )
    found = check("yes", applicant=applicant, contract_requested=False, in_person=False)
    assert codes(found) == [
        "name-missing",
        "jmbg-not-13-digits",
        "document-number-not-9-digits",
        "not-in-person",
        "email-malformed",
        "waiver-without-reason",
    ]
    assert all(finding.blocking for finding in found)


def test_warnings_pass_when_they_are_confirmed() -> None:
    found = check(applicant=petar(jmbg="0101990610021"))
    assert codes(application.unconfirmed(found, ())) == ["jmbg-check-digit"]
    assert application.unconfirmed(found, ("jmbg-check-digit",)) == ()


def test_what_blocks_cannot_be_confirmed() -> None:
    found = check("unreadable")
    assert application.unconfirmed(found, ("email-unreadable",)) == found


def test_a_person_with_one_name_is_a_person() -> None:
    assert check(applicant=petar(given_name="")) == ()


def test_a_waiver_with_a_reason_passes() -> None:
    assert check(contract_requested=False, contract_waiver="citizen does not want it") == ()


@pytest.mark.parametrize(
    ("choice", "email", "expected"),
    [
        ("no", "", []),
        ("no", "petar@example.rs", ["email-not-wanted"]),
        ("yes", "petar@example.rs", []),
        ("yes", "petar.petrovic+posao@mail.example.co.rs", []),
        ("yes", "", ["email-missing"]),
        ("yes", "petar", ["email-malformed"]),
        ("yes", "petar@example", ["email-malformed"]),
        ("yes", "petar@-example.rs", ["email-malformed"]),
        ("yes", "petar..p@example.rs", ["email-malformed"]),
        ("yes", "petar@example.rs\n", ["email-malformed"]),
        ("yes", "a" * 65 + "@example.rs", ["email-malformed"]),
        ("yes", "petar@" + "a.rs." * 60 + "rs", ["email-malformed"]),
        ("yes", "петар@example.rs", ["email-not-ascii"]),
        ("unreadable", "", ["email-unreadable"]),
    ],
)
def test_the_three_states_of_the_email(choice: str, email: str, expected: list[str]) -> None:
    found = certificate_email.check(choice, email)
    assert codes(found) == expected
    assert all(finding.blocking for finding in found)


@pytest.mark.parametrize(
    "number",
    ["", "12", "12a", "12 а", "bb", "BB", "бб", "b.b.", "12/3", "5-7", "12a/4", "21 Б-2"],
)
def test_usual_house_numbers(number: str) -> None:
    assert address.check(petar(house_number=number)) == ()


@pytest.mark.parametrize("number", ["bez", "?", "twelve", "123456"])
def test_unusual_house_numbers_are_to_be_confirmed(number: str) -> None:
    (finding,) = address.check(petar(house_number=number))
    assert (finding.code, finding.blocking) == ("house-number-unusual", False)


def test_a_missing_place_is_to_be_confirmed() -> None:
    (finding,) = address.check(petar(place=" "))
    assert (finding.code, finding.field, finding.blocking) == ("place-missing", "place", False)


@pytest.mark.parametrize("field", address.FIELDS)
def test_invisible_characters_are_refused_everywhere(field: str) -> None:
    found = address.check(petar(**{field: "12\u200b"}))
    assert [(finding.code, finding.field) for finding in found if finding.blocking] == [
        ("address-with-control", field)
    ]

"""Who may have a certificate: each refusal has its own reason, each doubt is confirmed."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings

from registration.rules import eligibility
from tests.rules.people import RULES, TODAY, petar


def found(**changes: Any) -> list[tuple[str, bool]]:
    findings = eligibility.check(petar(**changes), RULES, today=TODAY)
    return [(finding.code, finding.blocking) for finding in findings]


def test_a_valid_card_of_an_adult_is_eligible() -> None:
    assert found() == []


def test_the_settings_of_the_office_are_the_rules() -> None:
    assert eligibility.Rules.from_settings(settings.OVERA) == RULES


@pytest.mark.parametrize(
    ("issued_on", "expected"),
    [
        (date(2014, 8, 18), [("card-too-old", True)]),
        (date(2014, 8, 19), []),
        (TODAY, []),
        (date(2030, 3, 2), [("issued-in-future", True)]),
        (None, [("issued-on-missing", True)]),
    ],
)
def test_the_day_of_issue(issued_on: date | None, expected: list[tuple[str, bool]]) -> None:
    assert found(document_issued_on=issued_on) == expected


@pytest.mark.parametrize(
    ("expires_on", "expected"),
    [
        (TODAY, []),
        (date(2030, 2, 28), [("card-expired", True)]),
        (date(2025, 5, 5), [("expires-before-issue", True)]),
        (None, [("expires-on-missing", True)]),
    ],
)
def test_the_day_of_expiry(expires_on: date | None, expected: list[tuple[str, bool]]) -> None:
    assert found(document_expires_on=expires_on) == expected


def test_a_permanent_card_needs_no_expiry() -> None:
    assert found(document_expires_on=None, document_permanent=True) == []


def test_a_permanent_card_of_the_old_may_have_no_chip() -> None:
    old = {"born_on": date(1965, 3, 1), "jmbg": "0103965610020"}
    permanent = {"document_expires_on": None, "document_permanent": True}
    assert found(**old, **permanent) == [("permanent-card", False)]


@pytest.mark.parametrize(
    ("born", "number", "expected"),
    [
        (date(2012, 3, 1), "0103012610020", []),
        (date(2012, 3, 2), "0203012610020", [("minor", False)]),
        (date(2014, 3, 1), "0103014610020", [("minor", False)]),
        (date(2014, 3, 2), "0203014610020", [("too-young", True)]),
    ],
)
def test_the_age(born: date, number: str, expected: list[tuple[str, bool]]) -> None:
    assert found(born_on=born, jmbg=number) == expected
    assert found(born_on=None, jmbg=number) == expected


def test_two_dates_of_birth_are_to_be_confirmed() -> None:
    assert found(born_on=date(1990, 1, 2)) == [("born-on-differs", False)]


def test_nobody_is_born_tomorrow() -> None:
    assert found(born_on=date(2031, 1, 1)) == [("born-in-future", True)]


def test_a_foreigner_needs_a_date_of_birth() -> None:
    foreigner = {"foreigner": True, "jmbg": "9999999999999"}
    assert found(**foreigner, born_on=None) == [("born-on-missing", True)]
    assert found(**foreigner) == []


def test_no_proxy() -> None:
    (finding,) = eligibility.check(petar(), RULES, today=TODAY, in_person=False)
    assert (finding.code, finding.blocking) == ("not-in-person", True)


def test_the_sentence_names_the_dates() -> None:
    early = petar(document_issued_on=date(2012, 1, 2))
    (finding,) = eligibility.check(early, RULES, today=TODAY)
    assert finding.sentence == (
        "The identity card was issued on 02.01.2012.; only cards issued after 18.08.2014. can"
        " carry a certificate: the citizen has to ask for a new identity card first."
    )


def test_a_child_of_the_leap_day() -> None:
    born = date(2012, 2, 29)
    assert [eligibility.age(born, date(2030, 2, 28)), eligibility.age(born, date(2030, 3, 1))] == [
        17,
        18,
    ]

"""A synthetic citizen who fulfils every rule."""

from dataclasses import replace
from datetime import date
from typing import Any

from registration.rules.applicant import Applicant
from registration.rules.eligibility import Rules

TODAY = date(2030, 3, 1)
RULES = Rules(minimum_age=16, warning_age=18, eligible_from=date(2014, 8, 18))
PETAR = Applicant(
    given_name="Петар",
    surname="Петровић",
    parent_name="Ана",
    jmbg="0101990610020",
    document_number="001234567",
    born_on=date(1990, 1, 1),
    document_issued_on=date(2025, 5, 5),
    document_expires_on=date(2035, 5, 5),
    place="Београд",
    municipality="Стари град",
    street="Балканска",
    house_number="12а",
)


def petar(**changes: Any) -> Applicant:
    return replace(PETAR, **changes)

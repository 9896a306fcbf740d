"""The residence: a place and a municipality are different things, `bb` is a house number."""

import re
import unicodedata

from registration.rules import findings
from registration.rules.applicant import Applicant
from registration.rules.findings import Finding, gettext_noop

FIELDS = (
    "state",
    "municipality",
    "place",
    "street",
    "house_number",
    "letter",
    "entrance",
    "floor",
    "apartment",
)
_WITHOUT_NUMBER = frozenset({"bb", "бб"})
_NUMBER = re.compile(r"\d{1,5}\s*[^\W\d_]{0,3}(\s*[/\-]\s*\d{0,4}[^\W\d_]{0,3})*")


def check(applicant: Applicant) -> tuple[Finding, ...]:
    return (
        *_check_characters(applicant),
        *_check_place(applicant),
        *_check_number(applicant.house_number),
    )


def _check_characters(applicant: Applicant) -> tuple[Finding, ...]:
    message = gettext_noop(
        "The address holds an invisible character here: delete this field and type it again."
    )
    return tuple(
        findings.refuse("address-with-control", field, message)
        for field in FIELDS
        if any(unicodedata.category(letter)[0] == "C" for letter in getattr(applicant, field))
    )


def _check_place(applicant: Applicant) -> tuple[Finding, ...]:
    if applicant.place.strip():
        return ()
    message = gettext_noop(
        "The place of residence is missing: fill it in from the identity card or the request, or"
        " confirm that the citizen has none."
    )
    return (findings.warn("place-missing", "place", message),)


def _check_number(number: str) -> tuple[Finding, ...]:
    typed = number.strip().lower()
    if not typed or typed.replace(".", "").replace(" ", "") in _WITHOUT_NUMBER:
        return ()
    if _NUMBER.fullmatch(typed):
        return ()
    message = gettext_noop(
        "“%(number)s” is an unusual house number (usual are 12, 12a, 12/3, bb): correct it, or"
        " confirm that it is so on the identity card."
    )
    return (findings.warn("house-number-unusual", "house_number", message, number=number),)

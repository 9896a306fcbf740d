"""All rules over one application, in the order of the form."""

from collections.abc import Iterator
from datetime import date

from registration.rules import (
    address,
    certificate_email,
    document_number,
    eligibility,
    findings,
    jmbg,
    names,
)
from registration.rules.applicant import Applicant
from registration.rules.findings import Finding, gettext_noop

_NAMES = ("surname", "given_name", "parent_name")


def check(
    applicant: Applicant,
    rules: eligibility.Rules,
    *,
    today: date,
    email_choice: str,
    contract_requested: bool = True,
    contract_waiver: str = "",
    in_person: bool = True,
) -> tuple[Finding, ...]:
    """Find everything at once, so that the officer corrects everything at once."""
    return (
        *check_person(applicant, today=today),
        *eligibility.check(applicant, rules, today=today, in_person=in_person),
        *address.check(applicant),
        *certificate_email.check(email_choice, applicant.certificate_email),
        *_check_contract(requested=contract_requested, waiver=contract_waiver),
    )


def check_person(applicant: Applicant, *, today: date) -> tuple[Finding, ...]:
    """Find what is wrong with who somebody is said to be, whatever card they have."""
    return (
        *_check_names(applicant),
        *jmbg.check(applicant.jmbg, foreigner=applicant.foreigner, today=today),
        *document_number.check(applicant.document_number),
    )


def unconfirmed(found: tuple[Finding, ...], acknowledged: tuple[str, ...]) -> tuple[Finding, ...]:
    """Keep what stops the case: all that blocks, and the warnings that nobody confirmed."""
    return tuple(part for part in found if part.blocking or part.code not in acknowledged)


def _check_names(applicant: Applicant) -> Iterator[Finding]:
    if not (applicant.surname.strip() or applicant.given_name.strip()):
        message = gettext_noop("The name is missing: type it as it stands on the identity card.")
        yield findings.refuse("name-missing", "surname", message)
    for field in _NAMES:
        yield from names.check(getattr(applicant, field), field)


def _check_contract(*, requested: bool, waiver: str) -> Iterator[Finding]:
    if not (requested or waiver.strip()):
        message = gettext_noop(
            "The contract was waived without a reason: write down why the citizen does not want it,"
            " or print the contract."
        )
        yield findings.refuse("waiver-without-reason", "contract_waiver", message)

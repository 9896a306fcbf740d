"""Who may have a certificate on the identity card: the card, its dates, the age, in person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from registration.rules import findings, jmbg
from registration.rules.applicant import Applicant
from registration.rules.findings import Finding, gettext_noop


@dataclass(frozen=True)
class Rules:
    """What the office may set; a card issued on `eligible_from` or before has no fitting chip."""

    minimum_age: int
    warning_age: int
    eligible_from: date
    permanent_age: int = 65  # permanent cards of people this old may have no chip

    @classmethod
    def from_settings(cls, overa: Mapping[str, Any]) -> Self:
        """Read them from `settings.OVERA`."""
        return cls(
            minimum_age=overa["MINIMUM_AGE"],
            warning_age=overa["WARNING_AGE"],
            eligible_from=date.fromisoformat(overa["ELIGIBLE_FROM"]),
        )


def check(
    applicant: Applicant, rules: Rules, *, today: date, in_person: bool = True
) -> tuple[Finding, ...]:
    return (
        *_check_presence(in_person=in_person),
        *_check_issue(applicant.document_issued_on, rules, today),
        *_check_expiry(applicant, today),
        *_check_birth(applicant, rules, today),
    )


def age(born_on: date, today: date) -> int:
    """Count full years; who was born on 29 February is older on 1 March."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def born_on(applicant: Applicant) -> date | None:
    """Return the date as written, else the one in the JMBG; an EBS holds none."""
    if applicant.born_on or applicant.foreigner:
        return applicant.born_on
    return jmbg.born_on(applicant.jmbg)


def _check_presence(*, in_person: bool) -> Iterator[Finding]:
    if not in_person:
        message = gettext_noop(
            "A certificate is issued only to the holder in person, never to a proxy: ask that the"
            " holder comes with the identity card."
        )
        yield findings.refuse("not-in-person", "identity_check", message)


def _check_issue(issued_on: date | None, rules: Rules, today: date) -> Iterator[Finding]:
    field = "document_issued_on"
    if issued_on is None:
        message = gettext_noop(
            "The date of issue of the identity card is missing: fill it in from the card."
        )
        yield findings.refuse("issued-on-missing", field, message)
    elif issued_on > today:
        message = gettext_noop(
            "The identity card would be issued in the future: compare the date with the card."
        )
        yield findings.refuse("issued-in-future", field, message)
    elif issued_on <= rules.eligible_from:
        message = gettext_noop(
            "The identity card was issued on %(issued_on)s; only cards issued after %(after)s can"
            " carry a certificate: the citizen has to ask for a new identity card first."
        )
        params = {"issued_on": _write(issued_on), "after": _write(rules.eligible_from)}
        yield findings.refuse("card-too-old", field, message, **params)


def _check_expiry(applicant: Applicant, today: date) -> Iterator[Finding]:
    field, expires_on = "document_expires_on", applicant.document_expires_on
    if applicant.document_permanent:
        return
    if expires_on is None:
        message = gettext_noop(
            "The date until which the identity card is valid is missing: fill it in from the card,"
            " or tick that the card is permanent."
        )
        yield findings.refuse("expires-on-missing", field, message)
    elif applicant.document_issued_on and expires_on <= applicant.document_issued_on:
        message = gettext_noop(
            "The identity card would expire before it was issued: compare both dates with the card."
        )
        yield findings.refuse("expires-before-issue", field, message)
    elif expires_on < today:
        message = gettext_noop(
            "The identity card expired on %(expires_on)s: the citizen has to ask for a new identity"
            " card first."
        )
        yield findings.refuse("card-expired", field, message, expires_on=_write(expires_on))


def _check_birth(applicant: Applicant, rules: Rules, today: date) -> Iterator[Finding]:
    born = born_on(applicant)
    if born is None:
        if applicant.foreigner:
            message = gettext_noop(
                "The date of birth is missing, and a foreigner's number does not hold it: fill it"
                " in from the identity card."
            )
            yield findings.refuse("born-on-missing", "born_on", message)
        return
    if born > today:
        message = gettext_noop(
            "The date of birth lies in the future: compare it with the identity card."
        )
        yield findings.refuse("born-in-future", "born_on", message)
        return
    yield from _check_dates_agree(applicant, born)
    yield from _check_age(age(born, today), rules)
    yield from _check_chip(applicant, age(born, today), rules)


def _check_dates_agree(applicant: Applicant, born: date) -> Iterator[Finding]:
    in_number = None if applicant.foreigner else jmbg.born_on(applicant.jmbg)
    if in_number and in_number != born:
        message = gettext_noop(
            "The date of birth is %(born_on)s, but the JMBG says %(in_number)s: compare both with"
            " the identity card and confirm, or correct them."
        )
        params = {"born_on": _write(born), "in_number": _write(in_number)}
        yield findings.warn("born-on-differs", "born_on", message, **params)


def _check_age(years: int, rules: Rules) -> Iterator[Finding]:
    if years < rules.minimum_age:
        message = gettext_noop(
            "The citizen is %(age)s years old; certificates are issued from the age of %(minimum)s:"
            " the request has to be refused."
        )
        yield findings.refuse("too-young", "born_on", message, age=years, minimum=rules.minimum_age)
    elif years < rules.warning_age:
        message = gettext_noop(
            "The citizen is %(age)s years old, a minor: confirm that the request was checked with"
            " that in mind."
        )
        yield findings.warn("minor", "born_on", message, age=years)


def _check_chip(applicant: Applicant, years: int, rules: Rules) -> Iterator[Finding]:
    if applicant.document_permanent and years >= rules.permanent_age:
        message = gettext_noop(
            "A permanent identity card may have no chip: look at the card and confirm that it has"
            " one; without it the citizen needs a new card first."
        )
        yield findings.warn("permanent-card", "document_permanent", message)


def _write(day: date) -> str:
    return f"{day:%d.%m.%Y.}"

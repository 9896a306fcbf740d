"""The citizen's 13-digit number (JMBG), and the foreigner's (EBS), which has no inner structure.

python-stdnum knows the JMBG under its Slovenian name, EMŠO: same date, same weights, same region.
"""

from datetime import date

from stdnum import exceptions
from stdnum.si import emso

from registration.rules import digits, findings
from registration.rules.findings import Finding, gettext_noop

LENGTH = 13
_FIELD = "jmbg"


def check(number: str, *, foreigner: bool, today: date) -> tuple[Finding, ...]:
    """Refuse on length, digits and date; on the check digit only warn: wrong ones exist."""
    if not digits.are(number, LENGTH):
        message = gettext_noop(
            "The number of the person must have 13 digits, but what was typed has %(length)s"
            " characters: compare it with the identity card."
        )
        return (findings.refuse("jmbg-not-13-digits", _FIELD, message, length=len(number)),)
    return () if foreigner else _check_parts(number, today)


def born_on(number: str) -> date | None:
    """Return the date in a JMBG, None where there is none. Never ask it of an EBS."""
    if not digits.are(number, LENGTH):
        return None
    try:
        return emso.get_birth_date(number)
    except exceptions.InvalidComponent:
        return None


def _check_parts(number: str, today: date) -> tuple[Finding, ...]:
    born = born_on(number)
    if born is None or born > today:
        message = gettext_noop(
            "The JMBG does not begin with a possible date of birth: compare it with the identity"
            ' card; if it is a foreigner\'s number, tick "Foreigner (EBS)".'
        )
        return (findings.refuse("jmbg-date-impossible", _FIELD, message),)
    if not emso.is_valid(number):
        message = gettext_noop(
            "The check digit of the JMBG does not fit: compare it with the identity card, digit by"
            " digit, and confirm that it is the same there."
        )
        return (findings.warn("jmbg-check-digit", _FIELD, message),)
    return ()

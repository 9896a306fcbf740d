"""The number of the identity card: nine digits, a text."""

from registration.rules import digits, findings
from registration.rules.findings import Finding, gettext_noop

LENGTH = 9


def check(number: str) -> tuple[Finding, ...]:
    if digits.are(number, LENGTH):
        return ()
    message = gettext_noop(
        "The number of the identity card must have 9 digits, with zeros in front, but what was"
        " typed has %(length)s characters: compare it with the card."
    )
    code = "document-number-not-9-digits"
    return (findings.refuse(code, "document_number", message, length=len(number)),)

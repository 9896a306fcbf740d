"""The e-mail address in the certificate: not wanted, wanted with a value, wanted but unreadable."""

import re

from registration.rules import findings
from registration.rules.findings import Finding, gettext_noop

NO, YES, UNREADABLE = "no", "yes", "unreadable"
_FIELD = "certificate_email"
_LONGEST = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")


def check(choice: str, address: str) -> tuple[Finding, ...]:
    """`choice` is NO, YES or UNREADABLE; anything else is a programming error."""
    return {NO: _check_unwanted, YES: _check_wanted, UNREADABLE: _check_unreadable}[choice](address)


def _check_unwanted(address: str) -> tuple[Finding, ...]:
    if not address:
        return ()
    message = gettext_noop(
        "An address was typed although the request does not ask for one in the certificate: delete"
        " the address, or choose that it is wanted."
    )
    return (findings.refuse("email-not-wanted", _FIELD, message),)


def _check_wanted(address: str) -> tuple[Finding, ...]:
    if not address:
        message = gettext_noop(
            "The request asks for an e-mail address in the certificate: type it from the request,"
            " or choose that it cannot be read."
        )
        return (findings.refuse("email-missing", _FIELD, message),)
    if not address.isascii():
        message = gettext_noop(
            "The address holds letters that no certificate can carry (č, ć, š, Cyrillic …): ask the"
            " citizen for another address and let the request be corrected."
        )
        return (findings.refuse("email-not-ascii", _FIELD, message),)
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        message = gettext_noop(
            "“%(address)s” is not an e-mail address: compare it with the request, letter by letter."
        )
        return (findings.refuse("email-malformed", _FIELD, message, address=address),)
    return ()


def _check_unreadable(_address: str) -> tuple[Finding, ...]:
    message = gettext_noop(
        "The e-mail address on the request cannot be read, so the case cannot go on: let the"
        " citizen write it again on the request and sign, or strike the wish out and choose"
        " that no address is wanted."
    )
    return (findings.refuse("email-unreadable", "email_choice", message),)

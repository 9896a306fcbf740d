"""How the certification body is, in words for the administrator."""

from django.utils.translation import gettext

from registration.ca import advice as sentences
from registration.ca.errors import CAError


def well(connector: str) -> str:
    return gettext("The certification body (%(connector)s) answers and can be asked.") % {
        "connector": connector
    }


def fault(error: CAError) -> str:
    return str(gettext(error.message) % error.facts)


def advice(reason: str) -> str:
    return gettext(sentences.sentence(reason)) % {"reason": reason}

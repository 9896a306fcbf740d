"""How the certification body is, in words for the administrator."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from registration.ca import advice as sentences
from registration.ca.errors import CAError

_ITS_OWN = frozenset({"ca-unreachable", "ca-refused", "ca-answer-lost"})


def well(connector: str) -> str:
    return gettext("The certification body (%(connector)s) answers and can be asked.") % {
        "connector": connector
    }


def fault(error: CAError) -> str:
    return str(gettext(error.message) % error.facts)


def about(code: str, facts: Mapping[str, Any]) -> str:
    """Say what to do about an issuance that the body's answer, or its silence, stopped."""
    return advice(str(facts.get("reason", ""))) if code in _ITS_OWN else ""


def advice(reason: str) -> str:
    return gettext(sentences.sentence(reason)) % {"reason": reason}

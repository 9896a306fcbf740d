"""How numbers of people are shown to who need not know them."""

import re

_JMBG_SHOWN = 3  # the last digits; the first seven are the date of birth, the next two the region
_DOCUMENT_SHOWN = 2

_NUMBERS = re.compile(r"\d{13}|\d{9}")  # a JMBG, a document's number


def jmbg(number: str) -> str:
    """Write 0101990610020 as **********020."""
    return _ending(number, _JMBG_SHOWN)


def document(number: str) -> str:
    """Write 001234567 as *******67."""
    return _ending(number, _DOCUMENT_SHOWN)


def typed(text: str) -> str:
    """Mask what somebody typed where it may be a person's number; everything else stays."""
    return _ending(text, _JMBG_SHOWN) if _NUMBERS.fullmatch(text) else text


def _ending(number: str, shown: int) -> str:
    return "*" * (len(number) - shown) + number[-shown:]

"""How numbers are written for people."""

from django import template

from archive import masking
from registration.rules import digits

register = template.Library()


register.filter("case_number", digits.case_number)


@register.filter
def masked(jmbg: str) -> str:
    """Write 0101990610020 as **********020."""
    return masking.jmbg(jmbg)

"""How numbers and codes are written for people."""

from django import template

from archive import masking
from registration.queries import published
from registration.rules import digits

register = template.Library()


register.filter("case_number", digits.case_number)
register.filter("why", published.why)


@register.filter
def masked(jmbg: str) -> str:
    """Write 0101990610020 as **********020."""
    return masking.jmbg(jmbg)

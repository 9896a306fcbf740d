"""How numbers are written for people."""

from django import template

from archive import masking

register = template.Library()


@register.filter
def case_number(number: str) -> str:
    """Write 260000123 as 26-0000123."""
    return f"{number[:2]}-{number[2:]}"


@register.filter
def masked(jmbg: str) -> str:
    """Write 0101990610020 as **********020."""
    return masking.jmbg(jmbg)

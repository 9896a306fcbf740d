"""How numbers are written for people."""

from django import template

register = template.Library()

_SHOWN = 7  # digits of a JMBG in lists: the date of birth; the rest is nobody's business there


@register.filter
def case_number(number: str) -> str:
    """Write 260000123 as 26-0000123."""
    return f"{number[:2]}-{number[2:]}"


@register.filter
def masked(jmbg: str) -> str:
    """Write 0101990610020 as 0101990******."""
    return jmbg[:_SHOWN] + "*" * len(jmbg[_SHOWN:])

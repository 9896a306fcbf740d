"""How numbers and codes are written for people."""

from django import template

from archive import masking
from registration.models import User
from registration.queries import bodies, published
from registration.rules import digits

register = template.Library()


register.filter("case_number", digits.case_number)
register.filter("why", published.why)


@register.filter
def for_development(user: User | None) -> bool:
    """Tell whether the certificates of somebody's office prove nothing; of any, for nobody's."""
    return bodies.for_development(getattr(user, "office", None))


@register.filter
def masked(jmbg: str) -> str:
    """Write 0101990610020 as **********020."""
    return masking.jmbg(jmbg)

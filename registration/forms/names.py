"""What the fields of a card and of the form are called, for sentences about them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

_NAMES: dict[str, Any] = {
    "document_number": _("card number"),
    "jmbg": _("JMBG"),
    "surname": _("surname"),
    "given_name": _("given name"),
}


def of(fields: Iterable[str]) -> list[str]:
    """Return the fields' names in the order given."""
    return [str(_NAMES.get(field, field)) for field in fields]

"""What the fields of a card and of the form are called, for sentences about them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_NAMES: dict[str, Any] = {
    "document_number": _("card number"),
    "jmbg": _("JMBG"),
    "surname": _("surname"),
    "given_name": _("given name"),
}

_KINDS: dict[str, Any] = {
    "foreigner": _("A foreigner's identity card."),
    "residence-permit": _("A foreigner's residence permit."),
}


def of(fields: Iterable[str]) -> list[str]:
    """Return the fields' names in the order given."""
    return [str(_NAMES.get(field, field)) for field in fields]


def of_kind(card: Mapping[str, Any]) -> str:
    """Say which kind of card it is; empty for a citizen's."""
    return str(_KINDS.get(card.get("kind", ""), ""))

"""Fields as Serbian offices write them."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.rules import digits

# With and without the last dot, and without any for fast fingers; the last is what programs send.
DATE_FORMATS = ["%d.%m.%Y.", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]


class DateField(forms.DateField):
    """A date written dd.mm.yyyy."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(
            format=DATE_FORMATS[0],
            attrs={
                "placeholder": _("dd.mm.yyyy."),
                "autocomplete": "off",
                "inputmode": "numeric",
                "maxlength": "11",
            },
        )
        super().__init__(input_formats=DATE_FORMATS, widget=widget, **options)


def shown(field: forms.Field, value: Any) -> str:
    """Return a cleaned value as a person reads it."""
    if isinstance(field, forms.BooleanField):
        return gettext("yes") if value else gettext("no")
    if isinstance(field, forms.ChoiceField):
        labels = dict(cast("Iterable[tuple[str, Any]]", field.choices))
        return str(labels.get(value, "—"))
    return str(field.widget.format_value(value) or "—")


def text(label: Any, *, length: int = 100, required: bool = False, **attrs: str) -> forms.CharField:
    """Return a one-line text field that browsers do not fill by themselves."""
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs}),
    )


class DigitsField(forms.CharField):
    """A number typed with spaces, dots or dashes or without, kept as bare digits."""

    def to_python(self, value: Any) -> Any:
        return digits.clean(super().to_python(value) or "")


def number(label: Any, length: int) -> forms.CharField:
    """Return a field for a number of that many digits; what it holds is checked by the rules."""
    widget = forms.TextInput(
        attrs={"autocomplete": "off", "inputmode": "numeric", "size": str(length)}
    )
    return DigitsField(label=label, max_length=40, required=False, widget=widget)

"""Fields as Serbian offices write them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


def text(label: Any, *, length: int = 100, required: bool = False, **attrs: str) -> forms.CharField:
    """Return a one-line text field that browsers do not fill by themselves."""
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs}),
    )


def digits(label: Any, length: int) -> forms.CharField:
    """Return a field for a number of that many digits; what it holds is checked by the rules."""
    return text(label, length=40, inputmode="numeric", size=str(length))

"""Days as they are written here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DAYS = ["%d.%m.%Y.", "%d.%m.%Y", "%Y-%m-%d"]


class DayField(forms.DateField):
    """A day as 02.03.2026."""

    def __init__(self, **options: Any) -> None:
        attributes = {"class": "form-control", "placeholder": _("dd.mm.yyyy.")}
        widget = forms.DateInput(format=DAYS[0], attrs=attributes)
        super().__init__(input_formats=DAYS, widget=widget, **options)

"""Why somebody wants to see what is masked, and why something is done."""

from django import forms
from django.utils.translation import gettext_lazy as _

SUGGESTED = (
    _("Request of the citizen"),
    _("Request of a court or an authority"),
    _("Control"),
)


class ReasonForm(forms.Form):
    """The reason is kept in the log of views; the browser offers the usual ones."""

    suggested = SUGGESTED

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
        error_messages={"required": _("Say why you need the full numbers.")},
    )


class WhyForm(forms.Form):
    """Why something is done that stays on record."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the reason.")},
    )

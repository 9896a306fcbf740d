"""Why somebody takes the evidence of a certificate."""

from django import forms
from django.utils.translation import gettext_lazy as _

SUGGESTED = (
    _("Inspection"),
    _("Request of a court or an authority"),
    _("Request of the citizen"),
)


class EvidenceForm(forms.Form):
    """The reason stands in the audit and in the bundle; the browser offers the usual ones."""

    suggested = SUGGESTED

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
        error_messages={"required": _("Say why the evidence is taken.")},
    )

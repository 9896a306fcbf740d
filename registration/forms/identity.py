"""How the officer made sure who stands at the counter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame
from registration.models import IdentityCheck


class IdentityCheckForm(forms.Form):
    """The document shown (ETSI EN 319 411-1, 6.2.2): kind, number, issuer, validity."""

    method = forms.ChoiceField(
        label=_("How identity was checked"),
        choices=IdentityCheck.Method.choices,
        initial=IdentityCheck.Method.CARD_AND_PERSON,
        widget=forms.RadioSelect,
    )
    kind = fields.text(_("Document shown"), required=True)
    number = fields.text(_("Number"), required=True, length=40)
    issuer = fields.text(_("Issued by"), required=True, length=200)
    valid_until = fields.DateField(label=_("Valid until"), required=False)
    note = fields.text(_("Note"), length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valid_until"].widget.attrs["placeholder"] = _("empty: permanent")
        self.helper = frame.helper(
            "method",
            frame.row(kind=3, number=3, issuer=3, valid_until=3),
            "note",
        )

    def document(self) -> dict[str, Any]:
        """Return what is kept of the document: the date as ISO text."""
        values = {name: self.cleaned_data[name] for name in ("kind", "number", "issuer")}
        until = self.cleaned_data["valid_until"]
        return values | {"valid_until": until.isoformat() if until else None}

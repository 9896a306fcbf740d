"""What the officer reads once more from the signed request before the certificate is made."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame
from registration.models import Application


class IssueForm(forms.Form):
    """The circled option, and the e-mail typed again where the certificate shall carry one."""

    option = forms.ChoiceField(
        label=_("Which option is circled on the signed request?"),
        choices=[("1", _("1 Issuing")), ("2", _("2 Renewal"))],
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=_("E-mail address, typed again from the signed request"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    desk = fields.text("", length=20, required=True)

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        super().__init__(*args, **options)
        if application.email_choice != Application.EmailChoice.YES:
            del self.fields["email"]
        shown = [name for name in ("option", "email") if name in self.fields]
        self.helper = frame.helper(*shown)

    def email_typed(self) -> str:
        """Return the address typed again; empty where none was asked for."""
        return str(self.cleaned_data.get("email", ""))

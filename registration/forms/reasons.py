"""Steps that need a reason and nothing else: reprint, withdrawal, refusal, giving up, recall."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame


class ReasonForm(forms.Form):
    """One sentence for the file."""

    reason = fields.text(_("Reason"), length=300, required=True)

    def __init__(self, data: Any = None, *, step: str) -> None:
        super().__init__(data, auto_id=f"id_{step}_%s")
        self.helper = frame.helper("reason")

"""The forms round a blocked PIN: opening Obrazac 2, the order to the desk, done elsewhere."""

from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame
from registration.models import Application
from registration.workflow import requests
from registration.workflow.requests import PinChoice


class BesideForm(forms.Form):
    """What the citizen wants of a blocked PIN: the case of Obrazac 2 is opened with it."""

    pin_choice = forms.ChoiceField(
        label=_("What does the citizen want?"),
        choices=Application.PIN_CHOICES,
        initial=PinChoice.CHANGE,  # who typed three wrong ones has forgotten it
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_beside_%s")
        self.helper = frame.helper(Field("pin_choice", wrapper_class="overa-inline"))


class _SignedForm(forms.Form):
    """The option, read once more from the signed request."""

    option = forms.ChoiceField(
        label=_("Which option is circled on the signed request?"),
        choices=[
            (number, dict(Application.PIN_CHOICES)[choice])
            for choice, number in requests.FORM_2.options.items()
        ],
        widget=forms.RadioSelect,
    )


class UnblockForm(_SignedForm):
    """The order to the desk; `doubtful`: the card refused the PUK, a person decides."""

    last_try_agreed = forms.BooleanField(
        label=_(
            "I want the PUK to be tried once more, although its last wrong try blocks the card for"
            " good"
        ),
        required=False,
    )
    desk = fields.text("", length=20, required=True)

    def __init__(self, *args: Any, doubtful: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not doubtful:
            del self.fields["last_try_agreed"]
        shown = [name for name in ("option", "last_try_agreed") if name in self.fields]
        self.helper = frame.helper(*shown)

    def agreed(self) -> bool:
        return bool(self.cleaned_data.get("last_try_agreed"))


class ElsewhereForm(_SignedForm):
    """How the PIN was unblocked with another tool."""

    statement = fields.text(
        _("How was the PIN unblocked, by whom, with what?"), length=300, required=True
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_elsewhere_%s")
        self.helper = frame.helper("option", "statement")

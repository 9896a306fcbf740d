"""The forms of Obrazac 3: what is to change and why, the decision, how the citizen was told."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame
from registration.models import Application, Certificate, StatusRequest
from registration.workflow import requests
from registration.workflow.status import REASONS, possible


def _named(change: str, reason: str) -> str:
    changes, reasons = dict(Application.STATUS_CHANGES), dict(Application.STATUS_REASONS)
    return f"{changes[change]}: {reasons[reason]}"


_named_lazy = lazy(_named, str)
GROUNDS = [  # "change:reason" → both in words
    (f"{change}:{reason}", _named_lazy(str(change), str(reason)))
    for change, reasons in REASONS.items()
    for reason in reasons
]


def ground(*, required: bool) -> forms.ChoiceField:
    """Return the field that asks what is to change and why, in one answer."""
    return forms.ChoiceField(
        label=_("What is to change, and why?"),
        choices=GROUNDS,
        required=required,
        widget=forms.RadioSelect,
    )


def reporter() -> forms.CharField:
    return fields.text(_("If the holder died: who brings the request"), length=200)


def _called(certificate: Certificate) -> str:
    until = f"{timezone.localtime(certificate.not_after):%d.%m.%Y.}"
    return f"{certificate.get_role_display()}, {gettext('valid until %(date)s') % {'date': until}}"


def _possible(held: list[Certificate]) -> list[tuple[str, Any]]:
    """Return the grounds for what can be done with at least one of the certificates."""
    standing = {each.status for each in held}
    changes = {each for each in REASONS if any(possible(each, status) for status in standing)}
    return [(value, said) for value, said in GROUNDS if value.partition(":")[0] in changes]


class ChangeForm(forms.Form):
    """What the holder of a case's certificates wants changed: Obrazac 3 is opened with it."""

    certificates = forms.MultipleChoiceField(
        label=_("Certificates"), widget=forms.CheckboxSelectMultiple
    )
    ground = ground(required=True)
    reported_by = reporter()

    def __init__(self, data: Any = None, *, offered: Iterable[Certificate]) -> None:
        super().__init__(data, auto_id="id_change_%s")
        held = list(offered)
        choices = [(each.serial, _called(each)) for each in held]
        self.fields["ground"].choices = _possible(held)  # type: ignore[attr-defined]
        self.fields["certificates"].choices = choices  # type: ignore[attr-defined]
        self.fields["certificates"].initial = [serial for serial, _name in choices]
        self.helper = frame.helper(
            "certificates", "ground", Div("reported_by", data_when="ground=revoke:died")
        )

    def asked(self) -> dict[str, Any]:
        """Return what was asked for, as `services.status_requests.open_for` takes it."""
        change, reason = self.cleaned_data["ground"].split(":")
        died = self.cleaned_data["ground"] == "revoke:died"
        return {
            "change": change,
            "reason": reason,
            "serials": tuple(self.cleaned_data["certificates"]),
            "reported_by": self.cleaned_data["reported_by"] if died else "",
        }


class DecideForm(forms.Form):
    """The option, read once more from the signed request."""

    option = forms.ChoiceField(
        label=_("Which option is circled on the signed request?"),
        choices=[
            (number, dict(Application.STATUS_CHANGES)[change])
            for change, number in requests.FORM_3.options.items()
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = frame.helper("option")


class ToldForm(forms.Form):
    """How the citizen was told."""

    how = forms.ChoiceField(
        label=_("How was the citizen told?"),
        choices=StatusRequest.Told.choices,
        initial=StatusRequest.Told.COUNTER,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_told_%s")
        self.helper = frame.helper("how")

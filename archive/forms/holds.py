"""Setting, confirming and lifting a hold."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from archive.forms.days import DayField
from archive.queries import holds as found
from archive.services.disposal.holds import Mandate

if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[AbstractUser]
else:
    ModelChoiceField = forms.ModelChoiceField

REASON = forms.Textarea(attrs={"rows": 2})


class ReviewerField(ModelChoiceField):
    """A person who may lift holds, other than whoever sets this one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(found.reviewers(), label=_("Reviewer"), empty_label="", **options)

    def label_from_instance(self, person: AbstractUser) -> str:
        return str(person)


class HoldForm(forms.Form):
    """What stands on the order; which records it is about, by numbers, one a line."""

    records = forms.CharField(
        label=_("Records"),
        help_text=_("File numbers, case numbers or a person's JMBG, one a line."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    ordered_by = forms.CharField(label=_("Who ordered it"), max_length=200)
    document_number = forms.CharField(label=_("Number of the document"), max_length=60)
    document_on = DayField(label=_("Date of the document"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=REASON,
        help_text=_("No names of citizens: the hold outlives its records."),
    )
    reviewer = ReviewerField()
    review_on = DayField(
        label=_("Review on"),
        help_text=_("By then the reviewer confirms the hold or lifts it."),
    )

    def mandate(self) -> Mandate:
        said = self.cleaned_data
        names = ("ordered_by", "document_number", "document_on", "reason")
        return Mandate(**{name: said[name] for name in names})


class ConfirmHoldForm(forms.Form):
    note = forms.CharField(label=_("Why it is still needed"), max_length=500, widget=REASON)
    review_on = DayField(label=_("Next review on"))


class LiftHoldForm(forms.Form):
    reason = forms.CharField(label=_("Reason of the lifting"), max_length=500, widget=REASON)

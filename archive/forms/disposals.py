"""What is filled in along a disposal: the choice of records, and what each step needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.forms.days import DayField
from archive.models import Category
from archive.queries.disposals import Selection

REASON = forms.Textarea(attrs={"rows": 2})


def _categories() -> list[tuple[str, Any]]:
    """Offer the marks of all lists, each once with the name that it has in the latest."""
    named = Category.objects.order_by("mark", "list").values_list("mark", "name")
    return [("", _("all")), *((mark, f"{mark} {name}") for mark, name in dict(named).items())]


class SelectionForm(forms.Form):
    """Narrows the records whose term has run out; it is sent by GET, no person is named."""

    mark = forms.ChoiceField(label=_("Category"), required=False, choices=_categories)
    office = forms.CharField(label=_("Office"), required=False, max_length=12)
    expired_by = DayField(label=_("Term ended by"), required=False)

    def selection(self) -> Selection:
        return Selection(**self.cleaned_data) if self.is_valid() else Selection()


class StepForm(forms.Form):
    """A step that needs no more than the word."""


class ApprovalForm(StepForm):
    approval = forms.CharField(label=_("Number of the approval"), max_length=60)
    on = DayField(label=_("Date of the approval"))
    without = forms.CharField(
        label=_("Records that were not approved"),
        help_text=_("File numbers, one a line; empty where all were approved."),
        required=False,
        widget=REASON,
    )


class TypedForm(StepForm):
    typed = forms.CharField(
        label=_("Type the number of this disposal"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PaperForm(StepForm):
    on = DayField(label=_("Paper destroyed on"))
    way = forms.CharField(
        label=_("How and where"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "ways", "autocomplete": "off"}),
    )


class CancelForm(StepForm):
    reason = forms.CharField(label=_("Why it is cancelled"), max_length=500, widget=REASON)


FORMS: dict[str, type[StepForm]] = {
    "conclude": StepForm,
    "request": StepForm,
    "approve": ApprovalForm,
    "confirm": TypedForm,
    "witness": PaperForm,
    "destroy": StepForm,
    "cancel": CancelForm,
}
"""What each step asks for; deciding the records one by one has a page of its own."""

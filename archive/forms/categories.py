"""A version of the list of categories, as somebody writes it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive import retention
from archive.forms.days import DayField
from archive.models import Category, CategoryList
from archive.queries import keeping
from archive.retention import Line
from archive.services.keeping.categories import Written

_MOST = 60  # categories of a list


class ListForm(forms.Form):
    """What is said of the whole version."""

    valid_from = DayField(label=_("Valid from"))
    consent_number = forms.CharField(
        label=_("Number of the public archive's consent"), max_length=60, required=False
    )
    consent_on = DayField(label=_("Consent given on"), required=False)


class LineForm(forms.Form):
    """A category; the outcomes are (kind of the case, how it ended), joined by a colon."""

    mark = forms.CharField(label=_("Classification mark"), max_length=20)
    name = forms.CharField(label=_("Content"), max_length=300, widget=forms.Textarea({"rows": 2}))
    years = forms.IntegerField(
        label=_("Years to keep"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=_("Empty: permanently"),
    )
    counting = forms.ChoiceField(
        label=_("Counted from"),
        choices=Category.COUNTINGS,
        initial=retention.Counting.CERTIFICATES,
    )
    outcomes = forms.MultipleChoiceField(
        label=_("What belongs here"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["outcomes"].choices = [(":".join(case), said) for case, said in keeping.cases()]  # type: ignore[attr-defined]

    def line(self) -> Line:
        said = self.cleaned_data
        outcomes = tuple((kind, how) for kind, how in (one.split(":") for one in said["outcomes"]))
        return Line(said["mark"], said["name"], said["years"], said["counting"], outcomes)


if TYPE_CHECKING:
    _FormSet = forms.BaseFormSet[LineForm]
else:
    _FormSet = forms.BaseFormSet


class _Lines(_FormSet):
    def clean(self) -> None:
        """Refuse a mark, and a case, that stands in two categories."""
        if any(self.errors):
            return
        lines = self.lines()
        if len({each.mark for each in lines}) < len(lines):
            raise forms.ValidationError(_("Two categories have the same mark."))
        cases = [case for each in lines for case in each.outcomes]
        if len(set(cases)) < len(cases):
            raise forms.ValidationError(_("A kind of case stands in two categories."))

    def lines(self) -> tuple[Line, ...]:
        """Return what is to stand in the list: not what goes, nor the room that stayed empty."""
        stay = [each for each in self.forms if each not in self.deleted_forms]
        return tuple(
            each.line() for each in stay if each.has_changed() or each in self.initial_forms
        )


LinesFormSet = forms.formset_factory(
    LineForm, formset=_Lines, extra=1, can_delete=True, max_num=_MOST, validate_max=True
)


def of(draft: CategoryList) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return what the forms of a draft begin with."""
    head = {"valid_from": draft.valid_from, "consent_number": draft.consent_number}
    lines = [
        {**vars(each), "outcomes": [":".join(case) for case in each.outcomes]}
        for each in keeping.lines(draft)
    ]
    return {**head, "consent_on": draft.consent_on}, lines


def written(head: ListForm, lines: Any) -> Written:
    """Return what two valid forms say."""
    return Written(**head.cleaned_data, lines=lines.lines())

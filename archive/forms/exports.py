"""Which records are taken out of the archive, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.services.moving.selections import MOST_NUMBERS, Selection

SUGGESTED = (
    _("Request of a court or an authority"),
    _("Inspection"),
    _("Move to another system"),
)
WAYS = (
    ("search", _("what the search found")),
    ("numbers", _("these file numbers")),
    ("year", _("everything that was filed in a year")),
    ("everything", _("the whole archive with its log")),
)


class ExportForm(forms.Form):
    """One way of choosing; a search is offered where one was made."""

    suggested = SUGGESTED

    what = forms.ChoiceField(
        label=_("Which records"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which records.")},
    )
    numbers = forms.CharField(
        label=_("File numbers, one on a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1990, max_value=2999)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
        error_messages={"required": _("Say why the records are taken out.")},
    )

    def __init__(self, *args: Any, searched: bool, everything: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = {"search": searched, "everything": everything}
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)  # noqa: S101 - it stands above
        what.choices = [way for way in WAYS if offered.get(way[0], True)]
        what.initial = "search" if searched else "numbers"

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        what = cleaned.get("what")
        if what == "numbers" and not self.listed():
            self.add_error("numbers", _("Write at least one file number."))
        if len(self.listed()) > MOST_NUMBERS:
            self.add_error("numbers", _("That are too many numbers; take a year, or everything."))
        if what == "year" and not cleaned.get("year") and "year" not in self.errors:
            self.add_error("year", _("Write the year, with four digits."))
        return cleaned

    def listed(self) -> tuple[str, ...]:
        lines = (each.strip() for each in self.cleaned_data.get("numbers", "").splitlines())
        return tuple(dict.fromkeys(each for each in lines if each))

    def selection(self, query: Any) -> Selection:
        """Return what is chosen; `query` is the search that was made."""
        match self.cleaned_data["what"]:
            case "everything":
                return Selection(everything=True)
            case "year":
                return Selection(year=self.cleaned_data["year"])
            case "numbers":
                return Selection(numbers=self.listed())
            case _:
                return Selection(query=query)

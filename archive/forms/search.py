"""The search: one box first, fields for those who know more."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.models import Record
from archive.queries import SearchQuery
from archive.search import terms

DAYS = ["%d.%m.%Y.", "%d.%m.%Y", "%Y-%m-%d"]


class DayField(forms.DateField):
    """A day as it is written here: 02.03.2026."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format=DAYS[0], attrs={"placeholder": _("dd.mm.yyyy.")})
        super().__init__(input_formats=DAYS, required=False, widget=widget, **options)


def _text(label: Any, length: int = 100) -> forms.CharField:
    quiet = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=length, widget=quiet)


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("any")), *choices])


class SearchForm(forms.Form):
    """What somebody remembers; it is posted, so that no number of a person stands in an address."""

    box = _text(_("Name, JMBG, number, serial or date"), 200)
    name = _text(_("Name"))
    jmbg = forms.RegexField(
        terms.JMBG,
        label=_("JMBG"),
        required=False,
        error_messages={"invalid": _("A JMBG has 13 digits.")},
    )
    document_number = forms.RegexField(
        terms.DOCUMENT,
        label=_("Card number"),
        required=False,
        error_messages={"invalid": _("A card number has 9 digits.")},
    )
    case_number = _text(_("Case number"), 30)
    file_number = _text(_("File number"), 40)
    serial = _text(_("Serial number of the certificate"), 80)
    officer = _text(_("Officer"))
    office = _text(_("Office"))
    note = _text(_("Words of a note"))
    kind = _choice(_("Kind of case"), Record.Kind.choices)
    state = _choice(_("Outcome"), Record.State.choices)
    decided_from = DayField(label=_("Decided from"))
    decided_to = DayField(label=_("Decided until"))

    def query(self) -> SearchQuery:
        return SearchQuery(**self.cleaned_data)

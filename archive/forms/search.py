"""The search: one box first, fields for those who know more."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.forms.days import DayField
from archive.models import Record
from archive.queries import SearchQuery
from archive.search import terms

PAPERS = [  # kinds, as the counter files them
    ("request", _("Request (form 1)")),
    ("unblock", _("Request to unblock the PIN (form 2)")),
    ("status", _("Request to change the status (form 3)")),
    ("terms", _("General terms")),
    ("contract", _("Contract")),
    ("receipt", _("Receipt of the hand-over")),
    ("cover", _("Cover of the request brought by the citizen")),
    ("notice", _("Notice of the expiry")),
]
SPANS = ("decided", "filed", "valid_until")
_CONTROL, _SELECT = {"class": "form-control"}, {"class": "form-select"}


def _text(label: Any, length: int = 100) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, widget=_quiet())


def _digits(pattern: Any, label: Any, wrong: Any) -> forms.RegexField:
    messages = {"invalid": wrong}
    return forms.RegexField(
        pattern, label=label, required=False, error_messages=messages, widget=_quiet()
    )


def _quiet() -> forms.TextInput:
    return forms.TextInput(attrs={**_CONTROL, "autocomplete": "off"})


def _choice(label: Any, choices: Sequence[tuple[Any, Any]]) -> forms.ChoiceField:
    widget = forms.Select(attrs=_SELECT)
    return forms.ChoiceField(
        label=label, required=False, choices=[("", _("any")), *choices], widget=widget
    )


class SearchForm(forms.Form):
    """What somebody remembers; it is posted, so that no number of a person stands in an address."""

    box = _text(_("Name, JMBG, number, serial or date"), 200)
    name = _text(_("Name"))
    jmbg = _digits(terms.JMBG, _("JMBG"), _("A JMBG has 13 digits."))
    document_number = _digits(terms.DOCUMENT, _("Card number"), _("A card number has 9 digits."))
    serial = _text(_("Serial number of the certificate"), 80)
    case_number = _text(_("Case number"), 30)
    file_number = _text(_("File number"), 40)
    office = _text(_("Office (code or name)"))
    officer = _text(_("Officer"))
    place = _text(_("Room, shelf or box"))
    kind = _choice(_("Kind of case"), Record.Kind.choices)
    state = _choice(_("Outcome"), Record.State.choices)
    paper = _choice(_("With a paper"), PAPERS)
    note = _text(_("Words of a note"))
    decided_from = DayField(label=_("Decided from"), required=False)
    decided_to = DayField(label=_("Decided until"), required=False)
    filed_from = DayField(label=_("Filed from"), required=False)
    filed_to = DayField(label=_("Filed until"), required=False)
    valid_until_from = DayField(label=_("Certificate ends from"), required=False)
    valid_until_to = DayField(label=_("Certificate ends until"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for span in SPANS:
            first, last = cleaned.get(f"{span}_from"), cleaned.get(f"{span}_to")
            if first and last and last < first:
                self.add_error(f"{span}_to", _("This day is before the first one."))
        return cleaned

    def query(self) -> SearchQuery:
        return SearchQuery(**self.cleaned_data)

    def typed(self) -> dict[str, str]:
        """Return what stands in the form, field by field, without what is empty."""
        given = {name: str(self.data.get(name, "")).strip() for name in self.fields}
        return {name: text for name, text in given.items() if text}

    def said(self) -> list[tuple[str, Any, str]]:
        """Return name, label and words of each field that is filled in, but the box."""
        filled = ((field, self.cleaned_data.get(field.name)) for field in self)
        return [
            (field.name, field.label, _in_words(field, value))
            for field, value in filled
            if value and field.name != "box"
        ]


class NameForm(forms.Form):
    """The name under which a search is kept."""

    called = forms.CharField(label=_("Name of the search"), max_length=100)


def _in_words(field: forms.BoundField, value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y.}"
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value, value))

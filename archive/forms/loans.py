"""Forms about loans: who takes what for how long."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.forms.days import DayField
from archive.models import RecordFile
from archive.services.paper.loans import Terms

_WHOLE = "folder"


def _text(label: Any, length: int) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def _due() -> date:
    return timezone.localdate() + timedelta(days=int(str(settings.OVERA["LOAN_DAYS"])))


class LoanForm(forms.Form):
    """What the revers will say."""

    borrower = _text(_("Who takes it"), 150)
    institution = _text(_("Office or institution"), 200)
    purpose = _text(_("Purpose"), 300)
    due_on = DayField(label=_("To be returned by"))

    def __init__(self, papers: list[RecordFile], data: Any) -> None:
        super().__init__(data, initial={"what": _WHOLE, "due_on": _due()})
        self._papers = {str(each.pk): each for each in papers}
        copies = ((pk, str(each)) for pk, each in self._papers.items())
        choices = [(_WHOLE, _("the whole folder")), *copies]
        self.fields["what"] = forms.ChoiceField(label=_("What is lent"), choices=choices)
        self.order_fields(("what",))

    def terms(self) -> Terms:
        said = dict(self.cleaned_data)
        return Terms(paper=self._papers.get(said.pop("what")), **said)


class ProlongForm(forms.Form):
    """Until when somebody keeps it longer, and why."""

    due_on = DayField(label=_("To be returned by"))
    reason = _text(_("Reason"), 200)

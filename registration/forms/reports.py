"""The filters of the reports; what is not said is asked with a sensible span."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.forms import fields
from registration.models import Office

_LONGEST = 10  # years of a period
_MONTHS = {each: str(each) for each in (3, 6, 12, 24, 36, 60)}
_YEAR = 12  # months


class NowForm(forms.Form):
    """The office; who belongs to one is not asked."""

    office = forms.ModelChoiceField(
        label=_("Office"),
        queryset=Office.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("All offices"),
    )
    field_order = ("start", "end", "months", "office")

    def __init__(self, asked: Mapping[str, Any], *, overseen: QuerySet[Office], own: bool) -> None:
        super().__init__({**self.usual(), **asked})
        self.overseen = overseen
        if own:
            del self.fields["office"]
        else:
            self.fields["office"].queryset = overseen  # type: ignore[attr-defined]

    @staticmethod
    def usual() -> dict[str, str]:
        """Return what is asked unless somebody says otherwise."""
        return {}

    def span(self) -> tuple[date, date]:
        today = timezone.localdate()
        return today, today

    def offices(self) -> list[Office]:
        chosen = self.cleaned_data.get("office")
        return [chosen] if chosen else list(self.overseen)

    def filters(self) -> dict[str, str]:
        """Return what was asked, as an address or the audit states it."""
        start, end = self.span()
        offices = self.offices() if self.narrow else []
        said = {"start": start.isoformat(), "end": end.isoformat()}
        return said | {"office": ",".join(each.code for each in offices)}

    @property
    def narrow(self) -> bool:
        """Tell whether only one office is asked about."""
        return "office" not in self.fields or bool(self.cleaned_data.get("office"))


class PeriodForm(NowForm):
    """From the first day of the month eleven months ago until today."""

    start = fields.DateField(label=_("From"))
    end = fields.DateField(label=_("Until"))

    @staticmethod
    def usual() -> dict[str, str]:
        today = timezone.localdate()
        start = _later(today, 1 - _YEAR)
        return {"start": f"{start:%d.%m.%Y.}", "end": f"{today:%d.%m.%Y.}"}

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            self.add_error("end", _("The period ends before it begins."))
        elif start and end and end.year - start.year > _LONGEST:
            self.add_error("start", _("A period has ten years at most."))
        return self.cleaned_data

    def span(self) -> tuple[date, date]:
        return self.cleaned_data["start"], self.cleaned_data["end"]


class MonthsForm(NowForm):
    """So many months: what is left of the one that runs, and those that follow."""

    months = forms.TypedChoiceField(label=_("Months"), choices=_MONTHS, coerce=int)

    @staticmethod
    def usual() -> dict[str, str]:
        return {"months": str(_YEAR)}

    def span(self) -> tuple[date, date]:
        today = timezone.localdate()
        return today, _later(today, self.cleaned_data["months"]) - timedelta(days=1)


def _later(day: date, months: int) -> date:
    """Return the first day of the month that is so many months away."""
    years, month = divmod(day.year * _YEAR + day.month - 1 + months, _YEAR)
    return date(years, month + 1, 1)


FORMS: dict[str, type[NowForm]] = {"now": NowForm, "period": PeriodForm, "months": MonthsForm}

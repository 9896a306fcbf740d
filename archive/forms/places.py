"""Forms about places: a new one, another name, another place to stand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.models import Place

_MANY = 100


def _text(label: Any, length: int, *, required: bool = False, helped: Any = "") -> forms.CharField:
    quiet = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=length, required=required, help_text=helped, widget=quiet
    )


class NameForm(forms.Form):
    """What a place is called and what is in it, in words."""

    name = _text(_("Name"), 60, required=True)
    years = _text(_("Years"), 40, helped=_("Of what lies in it, as it stands on the label."))
    content = _text(_("Content"), 120)

    def told(self) -> dict[str, str]:
        return {"years": self.cleaned_data["years"], "content": self.cleaned_data["content"]}


class NewPlaceForm(NameForm):
    """A new place in another one, or a room; an office only where it stands in nothing."""

    count = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=_MANY,
        initial=1,
        help_text=_("More than one are numbered on: Box 7, Box 8, …"),
    )
    office_code = _text(_("Office"), 12, helped=_("Its code; empty: for all offices."))

    field_order = ("kind", "name", "count", "years", "content", "office_code")

    def __init__(self, parent: Place | None, data: Any, *, own_office: str | None) -> None:
        """`own_office`: the only one for which somebody may make a room; None: any."""
        super().__init__(data)
        above = Place.Kind(parent.kind) if parent else None
        fitting = [kind for kind, allowed in Place.ABOVE.items() if above in allowed]
        choices = [(kind.value, kind.label) for kind in reversed(fitting)]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=choices)
        if parent or own_office is not None:
            del self.fields["office_code"]
        self.order_fields(self.field_order)
        self._own_office = own_office

    def office(self) -> str:
        return str(self.cleaned_data.get("office_code", self._own_office or ""))


class MoveForm(forms.Form):
    """Where a place shall stand."""

    def __init__(self, places: list[Place], data: Any) -> None:
        super().__init__(data)
        known = Place.objects.filter(pk__in=[each.pk for each in places])
        field = forms.ModelChoiceField(label=_("Stand it into"), queryset=known)
        field.choices = [("", "—"), *((each.pk, each.path) for each in places)]
        self.fields["to"] = field

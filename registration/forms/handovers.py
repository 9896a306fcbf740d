"""What stays in the office and what goes home with the citizen."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.forms import frame

CARD = "card"


class HandoverForm(forms.Form):
    """Two lists to tick in full; an entry is written `<kind>:<copy>`, the card `card`."""

    retained = forms.MultipleChoiceField(
        label=_("Stays for the file"), widget=forms.CheckboxSelectMultiple
    )
    handed_over = forms.MultipleChoiceField(
        label=_("Goes home with the citizen"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        retained: Iterable[tuple[str, Any]],
        handed_over: Iterable[tuple[str, Any]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.lists = {"retained": list(retained), "handed_over": list(handed_over)}
        for name, entries in self.lists.items():
            self.fields[name].choices = entries  # type: ignore[attr-defined]
        self.helper = frame.helper(frame.row(retained=6, handed_over=6))

    def clean(self) -> dict[str, Any]:
        """Refuse a list with an entry not ticked: a forgotten copy is found now or never."""
        for name, entries in self.lists.items():
            left = [
                str(label)
                for value, label in entries
                if value not in self.cleaned_data.get(name, ())
            ]
            if left and name not in self.errors:
                self.add_error(name, _("Not ticked yet: %(left)s.") % {"left": ", ".join(left)})
        return self.cleaned_data

"""Which papers are printed again, and why."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame


class ReprintForm(forms.Form):
    """The papers by their ids, and one sentence for the file."""

    papers = forms.TypedMultipleChoiceField(
        label=_("Papers"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick the papers that are to be printed again.")},
    )
    reason = fields.text(_("Reason"), length=300, required=True)

    def __init__(self, data: Any = None, *, papers: Iterable[tuple[int, str]]) -> None:
        super().__init__(data, auto_id="id_reprint_%s")
        self.fields["papers"].choices = list(papers)  # type: ignore[attr-defined]
        self.helper = frame.helper("papers", "reason")

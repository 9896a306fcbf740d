"""Which signatures stand on which copies."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame


class SignaturesForm(forms.Form):
    """The officer's ticks; a tick is written `<paper id>:<role>`."""

    tick = forms.MultipleChoiceField(
        choices=(),
        error_messages={"required": _("Tick the signatures that stand on the papers.")},
    )
    signed_on = fields.DateField(label=_("Date of signing"))
    place = fields.text(_("Place"), required=True)

    def __init__(self, *args: Any, missing: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        ticks = self.fields["tick"]
        ticks.choices = [(written(paper, role),) * 2 for paper, role in missing]  # type: ignore[attr-defined]
        self.helper = frame.helper(frame.row(signed_on=4, place=8))

    def ticks(self) -> list[tuple[int, str]]:
        """Return (paper id, role) of every tick."""
        return [read(value) for value in self.cleaned_data["tick"]]


def written(paper: int, role: str) -> str:
    return f"{paper}:{role}"


def read(value: str) -> tuple[int, str]:
    paper, role = value.split(":")
    return int(paper), role

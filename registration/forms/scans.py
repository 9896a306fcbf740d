"""Scans: files that come in, pages that are named by hand, what a person sees on a paper."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame
from registration.models import Mark, Page, Signature

_ANSWERS: Mapping[str, Any] = {
    "signed": _("signed"),
    "empty": _("empty"),
    "fine": _("no change"),
    "altered": _("changed by hand"),
}
_STAMPED: Mapping[str, Any] = {"signed": _("there is a seal"), "empty": _("empty")}


class ConfirmationForm(forms.Form):
    """An answer for each mark of a paper's sheets; the machine's own answers are proposed."""

    signed_on = fields.DateField(label=_("Date of signing"))
    place = fields.text(_("Place"), required=True)

    def __init__(
        self, *args: Any, marks: Mapping[Mark, Iterable[str]], sheets: Iterable[int], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        known = [(str(each), "") for each in sheets]
        self.fields["sheet"] = forms.TypedMultipleChoiceField(choices=known, coerce=int)
        for mark, answers in marks.items():
            self.fields[name(mark)] = forms.ChoiceField(
                choices=[(each, answer(mark, each)) for each in answers],
                initial=mark.answer,
                required=False,  # the service says what is wrong with a mark that stays unsaid
            )
        self.helper = frame.helper(frame.row(signed_on=5, place=7))

    def answers(self) -> dict[int, str]:
        """Return the answer of each mark, by its id."""
        said = self.cleaned_data.items()
        return {int(key[5:]): value for key, value in said if key.startswith("mark-")}


class PageForm(forms.Form):
    """Which page a sheet is: one expected, one behind a cover, or as the number line says."""

    page = forms.ModelChoiceField(Page.objects.none(), required=False)
    behind = forms.ModelChoiceField(Page.objects.none(), required=False)
    line = fields.text(_("Number line below the code"), required=False)

    def __init__(self, *args: Any, expected: Any, covers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["page"].queryset = expected  # type: ignore[attr-defined]
        self.fields["behind"].queryset = covers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.values()) and not self.errors:
            raise forms.ValidationError(_("Choose a page, or type the number line."))
        return cleaned


class _Files(forms.FileField):
    """One file or many."""

    widget = type("_Many", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [forms.FileField.clean(self, each, initial) for each in data or [None]]


class UploadForm(forms.Form):
    """Files as a scanner wrote them."""

    file = _Files(
        error_messages={
            "required": _("Choose the files of the scanner."),
            "empty": _("The file is empty. Scan the papers again."),
        }
    )


def name(mark: Mark) -> str:
    return f"mark-{mark.pk}"


def answer(mark: Mark, value: str) -> Any:
    """Return an answer as the officer reads it."""
    known = _STAMPED if mark.kind == Mark.Kind.SEAL else _ANSWERS
    return known.get(value, value)


def title(mark: Mark) -> str:
    """Name what a mark's picture shows."""
    if mark.kind == Mark.Kind.SIGNATURE:
        return gettext("Signature: %(role)s") % {"role": Signature.Role(mark.name).label}
    return str(mark.get_kind_display())

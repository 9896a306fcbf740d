"""The wording of a paper, as it is written in the administration."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.documents import wording
from registration.models import PaperVersion, Signature, TextBlock

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class VersionForm(ModelForm):
    """What a version is called, from when it is used, whose signatures its copies need."""

    expected = forms.MultipleChoiceField(
        label=gettext_lazy("Signatures on each copy"),
        choices=Signature.Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = PaperVersion
        fields = ("name", "title", "valid_from", "expected")


class BlockForm(ModelForm):
    class Meta:
        model = TextBlock
        fields = ("position", "place", "heading", "text")

    def clean_text(self) -> str:
        """Refuse a placeholder that nobody can fill in, and say which ones there are."""
        text: str = self.cleaned_data["text"]
        try:
            wording.check(text)
        except wording.UnknownPlaceholderError as fault:
            known = ", ".join(f"{{{name}}}" for name in wording.placeholders())
            raise ValidationError(
                _("{%(name)s} is not known. These may stand in braces: %(known)s.")
                % {"name": fault.name, "known": known}
            ) from fault
        return text

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if found and found.get("place") == TextBlock.Place.ARTICLE and not found.get("heading"):
            self.add_error("heading", _("An article has a heading."))
        return found

"""What a person writes into the archive book: columns 9 and 11."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EntryForm(forms.Form):
    """The columns that nobody else fills."""

    place = forms.CharField(label=_("Room and shelf"), max_length=200, required=False)
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

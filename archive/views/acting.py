"""What somebody does on a page: done, or refused with a sentence."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from archive.services.refusals import RefusedError


def went_well(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Do something and say so; where it is refused, say why and what to do next."""
    try:
        act()
    except RefusedError as refused:
        messages.error(request, refused.sentence())
        return False
    if done:
        messages.success(request, done)
    return True


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do what the form asks for if it is right; a refusal is written above the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except RefusedError as refused:
        form.add_error(None, refused.sentence())
        return False
    return True

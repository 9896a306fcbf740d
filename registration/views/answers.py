"""How a page answers a step: what a service refuses becomes a sentence, the rest a new page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from archive.services import refusals
from registration.errors import RegistrationError
from registration.models import Application
from registration.views import access


def refused(request: HttpRequest, error: RegistrationError) -> str:
    """Write to the log what was refused to whom; return what the officer reads."""
    by = access.officer(request)
    refusals.note(request, "page.act", by=by, reason=type(error).__name__)
    return error.sentence()


def accepted(
    request: HttpRequest, form: forms.BaseForm, act: Callable[[dict[str, Any]], object]
) -> bool:
    """Do what the form asks for if it is right; a refusal is written above the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except RegistrationError as error:
        form.add_error(None, refused(request, error))
        return False
    return True


def attempt(
    request: HttpRequest, application: Application, act: Callable[[], object]
) -> HttpResponseRedirect:
    """Do a step that has no form and return to the case; a refusal is shown at its head."""
    try:
        act()
    except RegistrationError as error:
        messages.error(request, refused(request, error))
    return back(application)


def back(application: Application) -> HttpResponseRedirect:
    return redirect("registration:case", application.number)

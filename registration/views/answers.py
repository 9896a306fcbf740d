"""How a page answers a step: what a service refuses becomes a sentence, the rest a new page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from registration.errors import RegistrationError
from registration.models import Application


def accepted(form: forms.BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Do what the form asks for if it is right; a refusal is written above the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except RegistrationError as error:
        form.add_error(None, error.sentence())
        return False
    return True


def attempt(
    request: HttpRequest, application: Application, act: Callable[[], object]
) -> HttpResponseRedirect:
    """Do a step that has no form and return to the case; a refusal is shown at its head."""
    try:
        act()
    except RegistrationError as error:
        messages.error(request, error.sentence())
    return back(application)


def back(application: Application) -> HttpResponseRedirect:
    return redirect("registration:case", application.number)

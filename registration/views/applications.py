"""Obrazac 1, 2 or 3 on the screen: a new case, and the data of a case corrected."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registration.errors import BlockedError, ChangedMeanwhileError, NotNowError, RegistrationError
from registration.forms import cards
from registration.forms.applications import ApplicationForm
from registration.models import Application, CardReading
from registration.services import cases, viewing
from registration.views import access, answers, desks, genuine, readings, sentences
from registration.workflow import requests
from registration.workflow.states import Procedure


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.may_open
def new(request: HttpRequest) -> HttpResponse:
    """Open a case; what was typed stays until it is accepted."""
    if request.method != "POST":
        return _begun(request)
    if "fill" in request.POST:
        return _filled(request)
    return _save(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.may_act
def correct(request: HttpRequest, number: str) -> HttpResponse:
    application = access.case(request, number)
    if request.method != "POST":
        return _recorded_page(request, application)
    if "fill" in request.POST:
        return _filled(request, application)
    return _save(request, application)


def _form(application: Application | None, *args: Any, **options: Any) -> ApplicationForm:
    """Return the form; a case that is corrected stays what it is asked for on its own form."""
    about = requests.of(application.procedure) if application else None
    return ApplicationForm(*args, request=about, **options)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return what a link to a new case says about it."""
    asked = request.GET.get("procedure", "")
    return {"procedure": asked} if asked in set(Procedure) else {}


def _recorded_page(request: HttpRequest, application: Application) -> HttpResponse:
    """Show the form while the case can be corrected; the person's numbers stand in it."""
    if not cases.correctable(application):
        messages.error(request, NotNowError().sentence())
        return answers.back(application)
    viewing.note(application, "form", by=access.officer(request))
    return _page(request, _form(application, initial=_recorded(application)), application)


def _save(request: HttpRequest, application: Application | None) -> HttpResponse:
    form = _form(application, request.POST)
    warnings: list[Any] = []
    if form.is_valid():
        try:
            saved = _store(request, form, application)
        except BlockedError as error:
            warnings = form.blame(error.findings)
        except RegistrationError as error:
            form.add_error(None, answers.refused(request, error))
        else:
            return redirect("registration:case", saved.number)
    form.focus_first_error()
    return _page(request, form, application, warnings=warnings)


def _store(
    request: HttpRequest, form: ApplicationForm, application: Application | None
) -> Application:
    officer = access.officer(request)
    choices = form.choices(tuple(request.POST.getlist("acknowledged")))
    if application is None:
        reading = _reading(request, form)
        return cases.open_case(form.applicant(), choices, by=officer, reading=reading)
    application.version = form.cleaned_data["version"] or 0  # as it was when the form was opened
    try:
        return cases.correct(application, form.applicant(), choices, by=officer)
    except ChangedMeanwhileError:
        form.contrast(_recorded(access.case(request, application.number)))
        raise


def _begun(request: HttpRequest) -> HttpResponse:
    """Show an empty form; `?reading=` names a card that is being read for it."""
    pk = request.GET.get("reading")
    if not pk:
        return _page(request, ApplicationForm(initial=_asked(request)))
    reading = readings.of_office(request, pk)
    if reading.card:
        viewing.note_reading(reading, by=access.officer(request))
        return _page(request, _from_card(reading, _asked(request)))
    said = sentences.of_reading(reading)
    return _page(request, ApplicationForm(initial=_asked(request)), reading=reading, sentence=said)


def _filled(request: HttpRequest, application: Application | None = None) -> HttpResponse:
    """Answer with the form in which the card's data stand beside what was typed before."""
    reading = readings.of_office(request, request.POST["fill"])
    viewing.note_reading(reading, by=access.officer(request))
    form = _from_card(reading, _form(application, request.POST).written(), application)
    shown = _shown(request, form, application)
    return render(request, "registration/_case_form.html", shown)


def _from_card(
    reading: CardReading, typed: dict[str, Any], application: Application | None = None
) -> ApplicationForm:
    filled = typed | cards.values(reading.card or {}) | {"reading": reading.pk}
    form = _form(application, initial=filled)
    form.focus("phone")
    return form


def _page(
    request: HttpRequest,
    form: ApplicationForm,
    application: Application | None = None,
    **more: Any,
) -> HttpResponse:
    shown = _shown(request, form, application) | more
    return render(request, "registration/case_form.html", shown)


def _shown(
    request: HttpRequest, form: ApplicationForm, application: Application | None
) -> dict[str, Any]:
    filled = _reading(request, form)
    shown = {"form": form, "case": application, "filled": filled, "genuine": genuine.of(filled)}
    return shown | desks.choice(request)


def _reading(request: HttpRequest, form: ApplicationForm) -> CardReading | None:
    """Return the reading from which the form was filled."""
    pk = form["reading"].value()
    return readings.of_office(request, pk) if pk else None


def _recorded(application: Application) -> dict[str, Any]:
    names = (
        "procedure",
        "pin_choice",
        "reported_by",
        "script",
        "version",
        "email_choice",
        "contract_requested",
        "contract_waiver",
        "request_brought",
    )
    choices = {name: getattr(application, name) for name in names}
    if application.status_change:
        choices["status_ground"] = f"{application.status_change}:{application.status_reason}"
    choices["serials"] = " ".join(application.serials)
    recorded: dict[str, Any] = application.applicant | choices
    return recorded

"""Cards read at a desk: asking for a reading, waiting for it, the portrait on it."""

import base64
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registration import tasks
from registration.errors import RegistrationError
from registration.models import CardReading, Desk
from registration.services import readings, viewing
from registration.views import access, answers, desks, sentences

NO_CONTENT = 204


@require_POST
@access.may_act
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the chosen desk for the card in its reader; the answer fills the form of a case."""
    try:
        reading = start(request)
    except RegistrationError as error:
        return _fragment(request, None, sentence=answers.refused(request, error))
    return _fragment(request, reading)


def start(request: HttpRequest, **about: Any) -> CardReading:
    """Ask for a reading at the desk that the form names, and remember the desk."""
    user = access.officer(request)
    desk = get_object_or_404(
        Desk, code=request.POST.get("desk", ""), office=user.office_id, active=True
    )
    request.session["desk"] = desk.code
    reading = readings.ask(desk, by=user, **about)
    tasks.hand_over(tasks.read_card, reading.pk)
    return reading


@require_POST
@access.may_open
@access.may_act
def open_case(request: HttpRequest) -> HttpResponse:
    """Read the card and lead to a new case that its data fill in by themselves."""
    try:
        reading = start(request)
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
        return redirect("registration:diagnosis_begin")
    asked = {"reading": reading.pk, "procedure": request.POST.get("procedure", "")}
    return redirect(f"{reverse('registration:case_new')}?{urlencode(asked)}")


@require_safe
@never_cache
@access.may_act
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer 204 while the desk reads; then tell the form that it can be filled."""
    reading = of_office(request, pk)
    if reading.result == CardReading.Result.WAITING:
        return HttpResponse(status=NO_CONTENT)
    return _fragment(request, reading)


@require_safe
@never_cache
@access.may_act
def portrait(request: HttpRequest, pk: UUID) -> HttpResponse:
    reading = of_office(request, pk)
    if not reading.card:
        raise Http404
    viewing.note_reading(reading, by=access.officer(request))
    return HttpResponse(base64.b64decode(reading.card["portrait"]), content_type="image/jpeg")


def of_office(request: HttpRequest, pk: object) -> CardReading:
    """Return the reading; Http404 where another office's desk made it."""
    try:
        wanted = UUID(str(pk))
    except ValueError:
        raise Http404 from None
    office = access.officer(request).office_id
    return get_object_or_404(CardReading, pk=wanted, desk__office=office)


def _fragment(
    request: HttpRequest, reading: CardReading | None, sentence: str = ""
) -> HttpResponse:
    said = sentence or (sentences.of_reading(reading) if reading else "")
    shown = {"reading": reading, "sentence": said} | desks.choice(request)
    response = render(request, "registration/_reading.html", shown)
    if reading and reading.result == CardReading.Result.READ:
        response["HX-Trigger-After-Swap"] = "card-read"
    return response

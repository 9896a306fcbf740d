"""The officer's steps of Obrazac 3: open it for certificates, decide, note how it was told."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from registration import tasks
from registration.forms.status_requests import ChangeForm, DecideForm, ToldForm
from registration.models import Application
from registration.queries import certificates
from registration.services import status_requests, viewing
from registration.views import access, answers, case


@require_POST
@access.may_act
def open_for(request: HttpRequest, number: str) -> HttpResponse:
    """Open the case of Obrazac 3 for certificates of this one, and go there."""
    application = access.case(request, number)
    form = ChangeForm(request.POST, offered=certificates.live(application))
    opened: list[Application] = []

    def act(_typed: dict[str, Any]) -> None:
        by = access.officer(request)
        opened.append(status_requests.open_for(application, **form.asked(), by=by))
        if application.dropped_at:  # who it is came out of the archive
            viewing.note(application, "form", by=by)

    if answers.accepted(request, form, act):
        return answers.back(opened[0])
    return case.page(request, application, change_form=form)


@require_POST
@access.may_act
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Let the certification body be asked for the change."""
    application, form = access.case(request, number), DecideForm(request.POST)

    def act(typed: dict[str, Any]) -> None:
        by = access.officer(request)
        row = status_requests.decide(application, option=typed["option"], by=by)
        tasks.hand_over(tasks.change_status, row.pk)

    if answers.accepted(request, form, act):
        return answers.back(application)
    return case.page(request, application, decide_form=form)


@require_POST
@access.may_act
def tell(request: HttpRequest, number: str) -> HttpResponse:
    """Record how the citizen was told."""
    application, form = access.case(request, number), ToldForm(request.POST)

    def act(typed: dict[str, Any]) -> None:
        status_requests.tell(application, typed["how"], by=access.officer(request))

    if answers.accepted(request, form, act):
        return answers.back(application)
    return case.page(request, application, told_form=form)

"""The officer's steps round a blocked PIN: open Obrazac 2, order the desk, done elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from registration import tasks
from registration.forms.unblockings import BesideForm, ElsewhereForm, UnblockForm
from registration.models import Application, Desk
from registration.services import unblockings
from registration.views import access, answers, case
from registration.views.parts import unblocking


@require_POST
@access.may_act
def open_beside(request: HttpRequest, number: str) -> HttpResponse:
    """Open the case of Obrazac 2 that this one waits for, and go there."""
    application, form = access.case(request, number), BesideForm(request.POST)
    opened: list[Application] = []

    def act(typed: dict[str, Any]) -> None:
        by = access.officer(request)
        opened.append(unblockings.open_beside(application, typed["pin_choice"], by=by))

    if answers.accepted(request, form, act):
        return answers.back(opened[0])
    return case.page(request, application, beside_form=form)


@require_POST
@access.may_act
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Let the desk unblock the PIN: the citizen is asked to type it."""
    application = access.case(request, number)
    doubtful = unblocking.is_doubtful(unblocking.of(application))
    form = UnblockForm(request.POST, doubtful=doubtful)

    def act(typed: dict[str, Any]) -> None:
        row = unblockings.order(
            application,
            _desk(request, typed["desk"]),
            option=typed["option"],
            last_try_agreed=form.agreed(),
            by=access.officer(request),
        )
        tasks.hand_over(tasks.unblock, row.pk)

    if answers.accepted(request, form, act):
        return answers.back(application)
    return case.page(request, application, unblock_form=form)


@require_POST
@access.may_act
def elsewhere(request: HttpRequest, number: str) -> HttpResponse:
    """Record how the PIN was unblocked with another tool."""
    application, form = access.case(request, number), ElsewhereForm(request.POST)

    def act(typed: dict[str, Any]) -> None:
        by = access.officer(request)
        unblockings.perform_elsewhere(
            application, typed["statement"], option=typed["option"], by=by
        )

    if answers.accepted(request, form, act):
        return answers.back(application)
    return case.page(request, application, elsewhere_form=form)


def _desk(request: HttpRequest, code: str) -> Desk:
    request.session["desk"] = code
    office = access.officer(request).office_id
    return get_object_or_404(Desk, code=code, office=office, active=True)

"""The officer's steps round the certificate: start, go on, give up, recall."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from registration import tasks
from registration.forms.issuances import IssueForm
from registration.forms.reasons import ReasonForm
from registration.models import Application, Desk, Issuance
from registration.queries import issuances as queries
from registration.services import issuances, pin_entries, revocations
from registration.views import access, answers, case


@require_POST
@access.may_act
def start(request: HttpRequest, number: str) -> HttpResponse:
    """Start the making: the desk asks the citizen for the PIN."""
    application = access.case(request, number)
    form = IssueForm(request.POST, application=application)

    def act(typed: dict[str, Any]) -> None:
        issuance = issuances.start(
            application,
            _desk(request, typed["desk"]),
            option=typed["option"],
            email=form.email_typed(),
            by=access.officer(request),
        )
        tasks.hand_over(tasks.command, issuance.pk)

    if answers.accepted(request, form, act):
        return answers.back(application)
    return case.page(request, application, issue_form=form)


@require_POST
@access.may_act
def resume(request: HttpRequest, number: str) -> HttpResponse:
    application = access.case(request, number)

    def act() -> None:
        issuance = issuances.resume(_current(application), by=access.officer(request))
        tasks.hand_over(tasks.command, issuance.pk)

    return answers.attempt(request, application, act)


@require_POST
@access.may_act
def stop_asking(request: HttpRequest, number: str) -> HttpResponse:
    """End the citizen's entry of a PIN, whatever it is for."""
    application = access.case(request, number)

    def act() -> None:
        pin_entries.cancel(application, by=access.officer(request))
        tasks.hand_over(tasks.cancel_entry, application.pk)

    return answers.attempt(request, application, act)


@require_POST
@access.may_act
def give_up(request: HttpRequest, number: str) -> HttpResponse:
    application, officer = access.case(request, number), access.officer(request)
    form = ReasonForm(request.POST, step="give_up")
    if answers.accepted(
        request,
        form,
        lambda typed: revocations.give_up(application, typed["reason"], by=officer),
    ):
        return answers.back(application)
    return case.page(request, application, give_up_form=form)


@require_POST
@access.may_act
def recall(request: HttpRequest, number: str) -> HttpResponse:
    """Revoke certificates in which a fault was found before the hand-over."""
    application, officer = access.case(request, number), access.officer(request)
    form = ReasonForm(request.POST, step="recall")
    if answers.accepted(
        request,
        form,
        lambda typed: revocations.recall(application, typed["reason"], by=officer),
    ):
        return answers.back(application)
    return case.page(request, application, recall_form=form)


def _desk(request: HttpRequest, code: str) -> Desk:
    request.session["desk"] = code
    office = access.officer(request).office_id
    return get_object_or_404(Desk, code=code, office=office, active=True)


def _current(application: Application) -> Issuance:
    issuance = queries.current(application)
    if issuance is None:
        raise Http404
    return issuance

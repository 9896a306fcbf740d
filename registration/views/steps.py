"""The officer's steps on paper: identity, print, signatures, hand-over, file, withdraw, refuse."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registration.errors import RegistrationError
from registration.forms.identity import IdentityCheckForm
from registration.forms.reasons import ReasonForm
from registration.models import Signature
from registration.queries import papers
from registration.services import (
    cases,
    filings,
    handovers,
    identity_checks,
    packets,
    signatures,
)
from registration.views import access, answers, case, readings
from registration.views.parts import handing_over, printing, signing


@require_POST
@access.may_act
def read_card(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the desk for the card and compare it with this case's applicant."""
    application = access.case(request, number)
    return answers.attempt(
        request, application, lambda: readings.start(request, application=application)
    )


@require_POST
@access.may_act
def check_identity(request: HttpRequest, number: str) -> HttpResponse:
    application = access.case(request, number)
    form = IdentityCheckForm(request.POST)

    def act(typed: dict[str, Any]) -> object:
        return identity_checks.record(
            application,
            method=typed["method"],
            document=form.document(),
            note=typed["note"],
            by=access.officer(request),
        )

    if answers.accepted(request, form, act):
        return answers.back(application)
    return case.page(request, application, identity_form=form)


@require_POST
@access.may_act
def print_packet(request: HttpRequest, number: str) -> HttpResponse:
    """Print, and lead to the file with all papers (the button opens it in another window)."""
    application, officer = access.case(request, number), access.officer(request)
    try:
        packet = packets.print_packet(application, by=officer)
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
        return answers.back(application)
    if packet is None:
        messages.info(request, _("Nothing on the papers changed: those printed already are right."))
        return answers.back(application)
    return redirect("registration:print_window", number, packet.run)


@require_POST
@access.may_act
def reprint(request: HttpRequest, number: str) -> HttpResponse:
    application = access.case(request, number)
    form = printing.form(papers.current(application), request.POST)

    def act(typed: dict[str, Any]) -> object:
        by = access.officer(request)
        return packets.reprint(application, typed["papers"], typed["reason"], by=by)

    if answers.accepted(request, form, act):
        return answers.back(application)
    return case.page(request, application, reprint_form=form)


@require_POST
@access.may_act
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Print the receipt of the hand-over (the button opens it in another window)."""
    application, officer = access.case(request, number), access.officer(request)
    try:
        packet = packets.print_receipt(application, by=officer)
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
        return answers.back(application)
    return redirect("registration:print_window", number, packet.run)


@require_POST
@access.may_act
def sign(request: HttpRequest, number: str) -> HttpResponse:
    application = access.case(request, number)
    form = signing.form(application, request.POST)

    def act(typed: dict[str, Any]) -> None:
        signatures.record(
            application,
            form.ticks(),
            signed_on=typed["signed_on"],
            place=typed["place"],
            by=access.officer(request),
        )

    if answers.accepted(request, form, act):
        return answers.back(application)
    return case.page(request, application, signatures_form=form)


@require_POST
@access.may_act
def unsign(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a tick back."""
    application = access.case(request, number)
    signature = get_object_or_404(Signature, pk=pk, paper__application=application)
    officer = access.officer(request)
    return answers.attempt(request, application, lambda: signatures.withdraw(signature, by=officer))


@require_POST
@access.may_act
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    application = access.case(request, number)
    form = handing_over.form(papers.current(application), request.POST)
    officer = access.officer(request)
    if answers.accepted(
        request,
        form,
        lambda typed: handovers.confirm(
            application, typed["retained"], typed["handed_over"], by=officer
        ),
    ):
        return answers.back(application)
    return case.page(request, application, handover_form=form)


@require_POST
@access.may_act
def file(request: HttpRequest, number: str) -> HttpResponse:
    application, officer = access.case(request, number), access.officer(request)
    return answers.attempt(request, application, lambda: filings.file(application, by=officer))


@require_POST
@access.may_act
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    application, officer = access.case(request, number), access.officer(request)
    form = ReasonForm(request.POST, step="withdraw")
    if answers.accepted(
        request, form, lambda typed: cases.withdraw(application, typed["reason"], by=officer)
    ):
        return answers.back(application)
    return case.page(request, application, withdraw_form=form)


@require_POST
@access.may_act
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    application, officer = access.case(request, number), access.officer(request)
    form = ReasonForm(request.POST, step="refuse")
    if answers.accepted(
        request, form, lambda typed: cases.refuse(application, typed["reason"], by=officer)
    ):
        return answers.back(application)
    return case.page(request, application, refuse_form=form)

"""The page of one case: all its steps, the open one unfolded."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from archive.forms.reasons import ReasonForm
from registration.models import Application, CardReading, Issuance
from registration.queries import cases, papers, status_requests
from registration.services import pin_entries, viewing
from registration.views import access, answers, desks, journey
from registration.views.parts import (
    closing,
    dropped,
    handing_over,
    identity,
    issuing,
    printing,
    renewing,
    scanned,
    signing,
    status,
    unblocking,
)
from registration.workflow import requests, states
from registration.workflow.states import Procedure, Role, State

NO_CONTENT = 204
_SIGNING = frozenset({State.PRINTED, State.SIGNED})


@require_safe
@never_cache
@access.may_see
def show(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, access.case(request, number))


@require_safe
@never_cache
@access.may_see
def live(request: HttpRequest, number: str) -> HttpResponse:
    """Answer 204 while nothing changed since `?version=`; else the whole case anew."""
    application = access.case(request, number)
    if cases.forgotten(application):
        return HttpResponse(status=NO_CONTENT, headers={"HX-Refresh": "true"})
    if request.GET.get("version") == version(application):
        return HttpResponse(status=NO_CONTENT)
    viewing.note(application, "case", by=access.officer(request))
    return render(request, "registration/_case.html", context(request, application, {}))


@require_POST
@never_cache
@access.may_see
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show the JMBG in full on this one answer, for a reason that is logged."""
    application, by = access.held(request, number), access.officer(request)
    form = _reason(request.POST)
    shown: dict[str, Any] = {"reveal_form": form}

    def act(typed: dict[str, Any]) -> None:
        shown["jmbg"] = viewing.reveal_jmbg(application, typed["reason"], by=by)

    answers.accepted(request, form, act)
    return page(request, application, **shown)


def page(request: HttpRequest, application: Application, **bound: Any) -> HttpResponse:
    """Show the case; `bound` forms keep what was typed and their errors.

    The look is logged, unless a number that is shown in full was logged already.
    """
    if cases.forgotten(application):
        acting = request.user.has_perm("registration.change_application")
        left = dropped.shown(application, bound, acting=acting)
        return render(request, "registration/dropped.html", left)
    if "jmbg" not in bound:
        viewing.note(application, "case", by=access.officer(request))
    return render(request, "registration/case.html", context(request, application, bound))


def version(application: Application) -> str:
    """Return a text that differs as soon as anything on the live page does."""
    issuance = application.issuances.order_by("moved_at").last()
    card = application.card_readings.last()
    rows = (issuance, unblocking.of(application), status_requests.of(application))
    moved = "".join(f"{each.stage}{each.moved_at:%H%M%S%f}" for each in rows if each)
    return f"{application.version}-{moved}-{card.result if card else ''}"


def context(
    request: HttpRequest, application: Application, bound: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page and its steps show."""
    applicant = cases.applicant_of(application)
    printed = papers.current(application)
    acting = request.user.has_perm("registration.change_application")
    offered = _offered(application) if acting else set()
    shown = {
        "case": application,
        "applicant": applicant,
        "offered": offered,
        "acting": acting,
        "asked": requests.of(application.procedure),
        "version": version(application),
        "stoppable": acting and pin_entries.awaited(application) is not None,
    }
    shown |= _number(request, application, bound)
    shown |= desks.choice(request)
    shown |= identity.shown(application, applicant, bound, acting=acting)
    shown |= printing.shown(application, printed, bound)
    shown |= signing.shown(
        application, printed, bound, signing=acting and application.state in _SIGNING
    )
    shown |= scanned.shown(application)
    shown |= issuing.shown(application, bound, acting=acting)
    shown |= unblocking.shown(application, bound, acting=acting)
    shown |= renewing.shown(application)
    shown |= status.shown(application, bound, acting=acting)
    shown |= handing_over.shown(application, printed, bound, acting=acting)
    shown |= closing.shown(application, offered, bound)
    return shown | _whole(application, shown)


def _number(
    request: HttpRequest, application: Application, bound: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the JMBG for who is at work on the case or said why, and the form that asks why."""
    at_work = cases.works_on(access.officer(request), application)
    number = cases.applicant_of(application).jmbg if at_work else ""
    return {
        "jmbg": bound.get("jmbg", number),
        "reveal_form": bound.get("reveal_form", _reason()),
    }


def _reason(data: Any = None) -> ReasonForm:
    return ReasonForm(data, auto_id="id_jmbg_%s")


def _whole(application: Application, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what follows from several steps together."""
    return {
        "steps": journey.steps(_standing(application, shown), _notes(shown), _opened(application)),
        "live": _live(shown),
        "correctable": bool({"print", "correct"} & shown["offered"]),
        "fileable": _fileable(application, shown),
    }


def _standing(application: Application, shown: Mapping[str, Any]) -> journey.Standing:
    asked = requests.of(application.procedure)
    return journey.Standing(
        request=asked,
        state=State(application.state),
        identified=shown["check"] is not None and (shown["matched"] or not asked.card),
        told=shown["told"],
        printed=bool(shown["papers"]),
        ended=shown["ended"],
    )


def _opened(application: Application) -> str:
    """Return the step whose result is still wanted: the number for the folder."""
    filed = application.state == State.FILED
    return journey.last(requests.of(application.procedure)) if filed else ""


def _notes(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "data": _data_note(shown["case"]),
        "identity": identity.note(shown["check"], matched=shown["matched"]),
        "print": printing.note(shown["papers"], shown["packet"]),
        "signatures": signing.note(shown["papers"]),
        "issue": issuing.note(shown["certificates"]),
        "handover": shown["case"].file_number,
        "unblock": unblocking.note(shown["unblocked"]),
        "change": status.note(shown["changing"]),
        "filing": shown["case"].file_number,
    }


def _data_note(application: Application) -> str:
    if not requests.of(application.procedure).certificate:
        choice = application.get_pin_choice_display() or application.get_status_change_display()
        return f"{application.get_procedure_display()}, {choice}"
    contract = _("with contract") if application.contract_requested else _("without contract")
    wanted = application.email_choice == Application.EmailChoice.YES
    email = _("e-mail in the certificate") if wanted else _("no e-mail in the certificate")
    return f"{application.get_procedure_display()}, {contract}, {email}"


def _fileable(application: Application, shown: Mapping[str, Any]) -> bool:
    """Tell whether filing is what comes next: all is done, or an end with signed papers."""
    if "file" not in shown["offered"] or application.file_number:
        return False
    performed = shown["case"].state == State.PERFORMED and shown["told"]
    done = shown["handover"] is not None or performed
    return done or (shown["ended"] and bool(shown["signature_list"]))


def _live(shown: Mapping[str, Any]) -> bool:
    """Tell whether something is under way at a desk or at the CA.

    A case that was read a moment before its work at the card ended is to be asked for anew.
    """
    card, making, state = shown["card"], shown["making"], shown["case"].state
    reading = card is not None and card.result == CardReading.Result.WAITING
    made_meanwhile = making is None and state == State.ISSUING
    unblocked_meanwhile = shown["unblocked"] is not None and state == State.SIGNED
    unblocking = shown["unblocking"]
    at_desk = (making and making.under_way) or (unblocking and unblocking.running)
    at_body = shown["acceptance"] == Issuance.Acceptance.OWED or status.live(shown["changing"])
    return bool(reading or made_meanwhile or unblocked_meanwhile or at_desk or at_body)


def _offered(application: Application) -> set[str]:
    """Return the names of the workflow's steps that an officer may take now."""
    procedure, state = Procedure(application.procedure), State(application.state)
    return {step.name for step in states.offered(procedure, state, Role.OFFICER)}

"""The first page: the cases of an office by what they wait for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from archive import masking
from archive.views import remembered
from registration.models import Application, User
from registration.queries import cases, issuances, notices, status_requests
from registration.rules import digits, jmbg
from registration.services import viewing
from registration.views import access, desks
from registration.workflow import requests
from registration.workflow.states import State

_TO_PERFORM = "to-perform"  # signed, and no certificate comes of it
_TO_CHANGE = "to-change"  # signed, and the status of a certificate is to change
_BODY_AWAY = "body-away"  # goes on by itself when the certification body answers again
_OVERDUE, _SUSPENDED = "overdue", "suspended"

# What is nearest to the citizen at the counter comes first.
WAITING_FOR: dict[str, Any] = {
    _OVERDUE: _("A change of a status that takes too long"),
    State.ISSUING: _("The certificate is being issued"),
    _BODY_AWAY: _("Waiting for the certification body"),
    State.ISSUED: _("To be handed over and filed"),
    State.PERFORMED: _("Performed, to be filed"),
    State.SIGNED: _("To be issued"),
    _TO_PERFORM: _("The PIN is to be unblocked"),
    _TO_CHANGE: _("The status of a certificate is to be changed"),
    State.PRINTED: _("Waiting for signatures"),
    State.DRAFT: _("To be printed"),
    State.WITHDRAWN: _("Withdrawn, to be filed"),
    State.REFUSED: _("Refused, to be filed"),
    _SUSPENDED: _("A suspension that ends soon: reactivate or revoke"),
}


@dataclass(frozen=True)
class Group:
    """Cases that wait for the same thing."""

    code: str
    title: Any
    cases: list[Application]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead each person to where their work begins."""
    if request.user.has_perm("registration.view_application"):
        return redirect("registration:case_list")
    if request.user.has_perm("archive.view_record"):
        return redirect("archive:search")
    return redirect("admin:index")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.may_see
def case_list(request: HttpRequest) -> HttpResponse:
    """Take a search by POST and show it by GET under a key: it may be the number of a person."""
    if request.method == "POST":
        return _take(request)
    user, text = access.officer(request), _typed(request)
    shown: dict[str, Any] = {"text": text, "desks": desks.states(user)}
    if user.office and user.has_perm("registration.change_application"):
        shown["letters"] = notices.letters(user.office).count()
    if text:
        found = cases.named(list(cases.worklist(user, text=text)[: cases.MOST_FOUND + 1]))
        named = _named(text)
        shown["box"] = text if named == text else ""
        title = _("Found for “%(text)s”") % {"text": named}
        shown["found"] = bool(found)
        shown["groups"] = [Group("found", title, found[: cases.MOST_FOUND])]
        shown["more"] = len(found) > cases.MOST_FOUND
    else:
        shown["groups"] = _groups(cases.worklist(user), _urgent(user))
    return render(request, "registration/case_list.html", shown)


def _take(request: HttpRequest) -> HttpResponse:
    text, address = request.POST.get("q", "").strip(), reverse("registration:case_list")
    if not text:
        return redirect(address)
    viewing.note_search(text, by=access.officer(request))
    return redirect(f"{address}?s={remembered.remember(request.session, {'q': text})}")


def _typed(request: HttpRequest) -> str:
    kept = remembered.recall(request.session, request.GET.get("s", ""))
    if kept and "q" in kept:
        return str(kept["q"])
    if text := request.GET.get("q", "").strip():
        viewing.note_search(text, by=access.officer(request))
    return text


def _named(text: str) -> str:
    """Return what was searched for as the page may say it."""
    number = digits.clean(text)
    return masking.jmbg(number) if digits.are(number, jmbg.LENGTH) else text


def _code(application: Application, away: set[Any]) -> str:
    if application.pk in away:
        return _BODY_AWAY
    asked = requests.of(application.procedure)
    if application.state == State.SIGNED and not asked.certificate:
        return _TO_CHANGE if asked == requests.FORM_3 else _TO_PERFORM
    return application.state


def _urgent(user: User) -> dict[str, list[Application]]:
    """Return the cases of form 3 that take too long, and those whose suspension ends soon."""
    now = timezone.now()
    return {
        _OVERDUE: status_requests.overdue(user.office, now),
        _SUSPENDED: status_requests.suspended(user.office, now),
    }


def _groups(waiting: Iterable[Application], urgent: dict[str, list[Application]]) -> list[Group]:
    by_state: dict[str, list[Application]] = {state: [] for state in WAITING_FOR} | urgent
    away = set(issuances.waiting_for_body().values_list("application", flat=True))
    for application in waiting:
        code = _code(application, away)
        if code in by_state and application not in urgent[_OVERDUE]:
            by_state[code].append(application)
    return [
        Group(str(state), title, cases.named(by_state[state]))
        for state, title in WAITING_FOR.items()
        if by_state[state]
    ]

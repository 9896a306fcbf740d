"""What is wrong with this card? The desk looks, the page says it and what to do next."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, to_locale
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cardops.diagnose import Code, Diagnosis, Finding, words
from cardops.texts import Texts
from registration import tasks
from registration.errors import RegistrationError
from registration.models import Application, CardDiagnosis, Desk
from registration.services import diagnoses
from registration.views import access, answers, desks

NO_CONTENT = 204

# Where a finding leads the officer: `registration/diagnosis/_leads.html` shows it.
_LEADS = {
    Code.NO_CERTIFICATE: "new-case",
    Code.NO_AUTHENTICATION: "new-case",
    Code.UNREADABLE: "new-case",
    Code.EXPIRED: "new-case",
    Code.PIN_BLOCKED: "unblock",
    Code.TRIES_USED: "unblock",
}


@dataclass(frozen=True)
class Said:
    """A finding in the language of the page."""

    code: str
    note: bool
    wrong: str
    next: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.may_act
def begin(request: HttpRequest) -> HttpResponse:
    """Let the officer choose the desk; a case named by `case` is the one the card belongs to."""
    application = _case(request)
    if request.method == "POST":
        try:
            return redirect("registration:diagnosis", _ask(request, application).pk)
        except RegistrationError as error:
            messages.error(request, answers.refused(request, error))
    return _page(request, {"case": application})


@require_safe
@never_cache
@access.may_act
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _shown(_of_office(request, pk)))


@require_safe
@never_cache
@access.may_act
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer 204 while the desk looks; then the findings."""
    asked = _of_office(request, pk)
    if asked.answered_at is None:
        return HttpResponse(status=NO_CONTENT)
    shown = _shown(asked) | desks.choice(request)
    return render(request, "registration/diagnosis/_answer.html", shown)


def _ask(request: HttpRequest, application: Application | None) -> CardDiagnosis:
    user = access.officer(request)
    code = request.POST.get("desk", "")
    desk = get_object_or_404(Desk, code=code, office=user.office_id, active=True)
    request.session["desk"] = desk.code
    asked = diagnoses.ask(desk, by=user, application=application)
    tasks.hand_over(tasks.examine_card, asked.pk)
    return asked


def _case(request: HttpRequest) -> Application | None:
    number = request.POST.get("case") or request.GET.get("case")
    return access.case(request, number) if number else None


def _of_office(request: HttpRequest, pk: UUID) -> CardDiagnosis:
    office = access.officer(request).office_id
    return get_object_or_404(CardDiagnosis, pk=pk, desk__office=office)


def _page(request: HttpRequest, shown: dict[str, Any]) -> HttpResponse:
    return render(request, "registration/diagnosis/page.html", shown | desks.choice(request))


def _shown(asked: CardDiagnosis) -> dict[str, Any]:
    found, case = diagnoses.result(asked), asked.application
    shown = {"asked": asked, "case": case, "found": found}
    return shown | (_found(found, has_case=case is not None) if found else {})


def _found(found: Diagnosis, *, has_case: bool) -> dict[str, Any]:
    texts = _texts()
    return {
        "findings": [_said(finding, texts) for finding in found.findings],
        "nothing": "" if found.hinders else words.nothing(texts),
        "certificates": [(words.role(each.role, texts), each) for each in found.seen.certificates],
        "leads": {"case"} if has_case else _leads(found),
    }


def _leads(found: Diagnosis) -> set[str]:
    return {_LEADS[finding.code] for finding in found.findings if finding.code in _LEADS}


def _said(finding: Finding, texts: Texts) -> Said:
    sentences = words.of(finding, texts)
    return Said(finding.code.value, finding.is_note, sentences.wrong, sentences.next)


def _texts() -> Texts:
    """Return the desk's own sentences in the language of the page."""
    language = to_locale(get_language() or settings.LANGUAGE_CODE)
    return Texts(language.replace("_", "-"), settings.LOCALE_PATHS[0])

"""The letters of expiry that an office has to send: what waits, what was printed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from archive.views import streaming
from registration.errors import RegistrationError
from registration.models import LetterRun
from registration.queries import cases, notices
from registration.services import letters
from registration.views import access, answers

_RUNS = 20  # shown, the last ones


@require_safe
@never_cache
@access.may_act
def show(request: HttpRequest) -> HttpResponse:
    office = access.office(request)
    waiting, printed = list(notices.letters(office)), notices.runs(office, limit=_RUNS)
    cases.named([each.application for each in waiting])
    shown = {"letters": waiting, "runs": list(printed)}
    return render(request, "registration/notices/page.html", shown)


@require_POST
@never_cache
@access.may_act
def print_letters(request: HttpRequest) -> HttpResponse:
    try:
        letters.print_waiting(access.office(request), by=access.officer(request))
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
    else:
        messages.success(request, _("The letters are ready: open them below and print them."))
    return redirect("registration:notices")


@require_safe
@never_cache
@access.may_act
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the letters of one run, with their list before them."""
    kept = LetterRun.objects.exclude(sha256="")
    found = get_object_or_404(kept, pk=pk, office=access.office(request))
    pdf = letters.open_run(found, by=access.officer(request))
    return streaming.whole(pdf, f"letters-{found.pk}.pdf")

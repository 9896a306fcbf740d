"""The day sheets of an office: a day in numbers, what stands open, what was printed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from archive import store
from archive.views import streaming
from registration.errors import RegistrationError
from registration.forms.days import DayForm
from registration.models import DaySheet
from registration.queries import days as queries
from registration.services import days
from registration.views import access, answers

_SHEETS = 31  # shown, the last ones


@require_safe
@never_cache
@access.may_close_days
def show(request: HttpRequest) -> HttpResponse:
    office = access.office(request)
    form = DayForm(request.GET if "day" in request.GET else _today())
    day = form.cleaned_data["day"] if form.is_valid() else timezone.localdate()
    shown = {
        "form": form,
        "told": queries.of(office, day),
        "sheets": queries.sheets(office, _SHEETS),
    }
    return render(request, "registration/days/page.html", shown)


@require_POST
@never_cache
@access.may_close_days
def print_sheet(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a day."))
        return redirect("registration:days")
    day = form.cleaned_data["day"]
    try:
        days.print_sheet(access.office(request), day, by=access.officer(request))
    except RegistrationError as error:
        messages.error(request, answers.refused(request, error))
    else:
        said = _("The day sheet is ready: open it below, print it, and let two people sign it.")
        messages.success(request, said)
    return redirect(f"{reverse('registration:days')}?day={day.isoformat()}")


@require_safe
@never_cache
@access.may_close_days
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sheet as it was printed: numbers of cases, nobody's name but who printed it."""
    found = get_object_or_404(DaySheet, pk=pk, office=access.office(request))
    name = f"day-{found.office.code}-{found.day.isoformat()}-{found.edition}.pdf"
    return streaming.whole(store.get(found.sha256), name)


def _today() -> dict[str, str]:
    return {"day": timezone.localdate().isoformat()}

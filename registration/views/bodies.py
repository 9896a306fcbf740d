"""The certification bodies in the administration: how they are, and the button that asks them."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from registration import tasks
from registration.queries import body_states
from registration.views import access


@require_safe
@access.may_see_bodies
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Show the last word of each: no body is asked for the page."""
    shown = {"title": _("Certification bodies"), "bodies": body_states.every(timezone.now())}
    return render(request, "registration/bodies.html", admin.site.each_context(request) | shown)


@require_POST
@access.may_see_bodies
def ask(request: HttpRequest) -> HttpResponse:
    """Let a worker ask them now."""
    try:
        tasks.ask_bodies.delay()
    except OperationalError:
        said = _("The broker takes no task: look whether it runs. Nobody was asked.")
        messages.error(request, said)
    else:
        said = _("All are being asked. Load the page again in a few seconds.")
        messages.success(request, said)
    return redirect("admin:bodies")

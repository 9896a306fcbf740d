"""The state of the log for a monitoring program: nothing of a person, open to everybody."""

from dataclasses import asdict

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from archive.services.log import health


@require_safe
@never_cache
@login_not_required
def show(_request: HttpRequest) -> JsonResponse:
    """Answer 503 where the log cannot be written, or its heads were not signed in time."""
    found = health.measured()
    return JsonResponse(asdict(found), status=200 if found.sound else 503)

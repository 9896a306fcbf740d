"""Forms that citizens fill in at home, for everybody to take."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from archive.views import streaming
from registration.documents import rendering
from registration.models import Paper
from registration.queries import wording
from registration.queries.wording import PaperMissingError
from registration.rules.scripts import Script


@require_safe
@login_not_required
@cache_control(max_age=3600, public=True)
def request(asked: HttpRequest, script: str) -> HttpResponse:  # noqa: ARG001
    """Return Obrazac 1 as PDF with fields, in Cyrillic ("cyrl") or Latin ("latn")."""
    try:
        version = wording.current(str(Paper.Kind.REQUEST), timezone.localdate())
        pdf = rendering.form(version, Script(script.capitalize()))
    except (PaperMissingError, ValueError) as fault:
        raise Http404 from fault
    return streaming.whole(pdf, f"obrazac-1-{script}.pdf")

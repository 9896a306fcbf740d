"""What happened in a case, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registration.queries import history
from registration.views import access


@dataclass(frozen=True)
class Event:
    """An event of the audit as a line of the page."""

    code: str
    sentence: str
    at: datetime
    actor: str


@require_safe
@never_cache
@access.may_see
def show(request: HttpRequest, number: str) -> HttpResponse:
    application = access.case(request, number)
    found = list(history.of_case(application))
    names, kinds = history.names(found), history.kinds(application)
    events = [
        Event(
            each.event,
            history.sentence(each, kinds),
            each.at,
            str(names.get(each.actor, each.actor)),
        )
        for each in found
    ]
    return render(request, "registration/_history.html", {"events": events})

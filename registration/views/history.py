"""What happened in a case, in plain words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from archive.models import AuditEvent
from registration.views import access

_SENTENCES: dict[str, Any] = {
    "case.open": _("Case opened"),
    "case.correct": _("Data corrected"),
    "case.print": _("Packet printed"),
    "case.reprint": _("Packet printed again"),
    "case.sign": _("All signatures on record"),
    "case.unsign": _("A signature became missing"),
    "case.start_issuing": _("Making of the certificate started"),
    "case.confirm": _("Certificate on the card, read back and proven"),
    "case.give_up": _("Making of the certificate given up"),
    "case.recall": _("Certificate recalled before the hand-over"),
    "case.withdraw": _("Request withdrawn by the citizen"),
    "case.refuse": _("Request refused"),
    "case.file": _("Case filed"),
}


@dataclass(frozen=True)
class Event:
    """An event of the audit as a line of the page."""

    code: str
    sentence: Any
    at: datetime
    actor: str


@require_safe
@never_cache
@access.may_see
def show(request: HttpRequest, number: str) -> HttpResponse:
    application = access.case(request, number)
    found = AuditEvent.objects.filter(subject=application.number).order_by("at", "number")
    events = [_event(each) for each in found if not each.stream.startswith("views.")]
    return render(request, "registration/_history.html", {"events": events})


def _event(event: AuditEvent) -> Event:
    sentence = _SENTENCES.get(event.event, event.event)
    return Event(event.event, sentence, event.at, event.actor)

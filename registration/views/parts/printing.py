"""The step "print": the papers that count and the runs that do not any more."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import ngettext

from registration.forms.reasons import ReasonForm
from registration.models import Application, Packet


def shown(
    application: Application, packet: Packet | None, bound: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the step's template needs."""
    papers = packet.papers.annotate(sheets=Count("pages")) if packet else []
    return {
        "packet": packet,
        "papers": papers,
        "superseded": application.packets.exclude(superseded_at=None),
        "reprint_form": bound.get("reprint_form", ReasonForm(step="reprint")),
    }


def note(packet: Packet | None) -> str:
    """Sum up the finished step in one line."""
    if packet is None:
        return ""
    count = packet.papers.count()
    text = ngettext(
        "%(count)s paper, run %(run)s, %(at)s", "%(count)s papers, run %(run)s, %(at)s", count
    )
    return text % {
        "count": count,
        "run": packet.run,
        "at": f"{timezone.localtime(packet.printed_at):%d.%m.%Y.}",
    }

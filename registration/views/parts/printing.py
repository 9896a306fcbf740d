"""The step "print": the papers that count and those that do not any more."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.forms.reprints import ReprintForm
from registration.models import Application, Packet, Paper
from registration.queries import papers

_OURS = frozenset({Paper.Kind.REPRINT, Paper.Kind.RECEIPT})  # come with others, or later


def form(printed: Sequence[Paper], data: Any = None) -> ReprintForm:
    """Return the form over the papers that may be printed again."""
    signed = [paper for paper in printed if paper.kind not in _OURS]
    return ReprintForm(data, papers=[(paper.pk, _named(paper)) for paper in signed])


def shown(
    application: Application, printed: Sequence[Paper], bound: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the step's template needs."""
    superseded = application.papers.exclude(superseded_at=None).select_related("packet")
    return {
        "packet": papers.last_packet(application),
        "papers": printed,
        "superseded": superseded.order_by("packet__run", "position"),
        "reprint_form": bound.get("reprint_form") or form(printed),
    }


def note(printed: Sequence[Paper], packet: Packet | None) -> str:
    """Sum up the finished step in one line."""
    if packet is None:
        return ""
    count = len(printed)
    text = ngettext(
        "%(count)s paper, run %(run)s, %(at)s", "%(count)s papers, run %(run)s, %(at)s", count
    )
    return text % {
        "count": count,
        "run": packet.run,
        "at": f"{timezone.localtime(packet.printed_at):%d.%m.%Y.}",
    }


def _named(paper: Paper) -> str:
    return _("%(paper)s, copy %(copy)s") % {
        "paper": paper.get_kind_display(),
        "copy": paper.copy,
    }

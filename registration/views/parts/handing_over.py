"""The step "hand over and file": which copies stay, which go home with the card."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from registration.forms import handovers
from registration.models import Application, Handover, Paper
from registration.queries import issuances
from registration.workflow.states import State

_KEPT = 1  # the first copy of each paper stays, the others go home


def form(printed: Sequence[Paper], data: Any = None) -> handovers.HandoverForm:
    """Return the form over the two lists of these papers."""
    return handovers.HandoverForm(
        data,
        retained=[_entry(paper) for paper in printed if paper.copy == _KEPT],
        handed_over=[
            (handovers.CARD, _("the identity card")),
            *(_entry(paper) for paper in printed if paper.copy != _KEPT),
        ],
    )


def shown(
    application: Application, printed: Sequence[Paper], bound: Mapping[str, Any], *, acting: bool
) -> dict[str, Any]:
    """Return what the step's template needs."""
    handover = Handover.objects.filter(application=application).first()
    awaited = application.state == State.ISSUED and handover is None
    acceptance = issuances.outstanding(application) if awaited else ""
    wanted = acting and awaited and not acceptance
    return {
        "handover": handover,
        "acceptance": acceptance,
        "handover_form": bound.get("handover_form") or form(printed) if wanted else None,
    }


def _entry(paper: Paper) -> tuple[str, str]:
    label = _("%(paper)s, copy %(copy)s") % {
        "paper": paper.get_kind_display(),
        "copy": paper.copy,
    }
    return f"{paper.kind}:{paper.copy}", label

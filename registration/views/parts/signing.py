"""The step "signatures": papers down, roles across, a box where a signature is still missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from registration.forms import signatures
from registration.models import Application, Paper, Signature
from registration.queries import papers

ROLES = list(Signature.Role)


@dataclass(frozen=True)
class Cell:
    """Where one role signs one paper. `state`: signed, missing, none."""

    role: str
    label: Any
    value: str
    state: str
    ticked: bool


@dataclass(frozen=True)
class Row:
    paper: Paper
    cells: list[Cell]


def form(application: Application, data: Any = None) -> signatures.SignaturesForm:
    """Return the form over what is missing; date and place are those of today and here."""
    missing = [(each.paper.pk, each.role) for each in papers.missing_signatures(application)]
    initial = {"signed_on": timezone.localdate(), "place": application.office.place}
    return signatures.SignaturesForm(data, missing=missing, initial=initial)


def shown(
    application: Application, printed: Sequence[Paper], bound: Mapping[str, Any], *, signing: bool
) -> dict[str, Any]:
    """Return what the step's template needs; `signing`: ticks may be made and taken back."""
    missing = papers.missing_signatures(application)
    wanted = signing and bool(missing)
    open_form = bound.get("signatures_form", form(application)) if wanted else None
    return {
        "signing": signing,
        "signatures_form": open_form,
        "signature_list": _recorded(printed),
        "missing_named": _named(missing),
        "tick_roles": ROLES,
        "tick_rows": _rows(printed, missing, open_form),
    }


def note(printed: Sequence[Paper]) -> str:
    """Sum up the finished step in one line."""
    recorded = list(_recorded(printed))
    if not recorded:
        return ""
    last = recorded[-1]
    return _("all %(count)s on record, %(on)s, %(place)s") % {
        "count": len(recorded),
        "on": f"{last.signed_on:%d.%m.%Y.}",
        "place": last.place,
    }


def _recorded(printed: Sequence[Paper]) -> Iterable[Signature]:
    found = Signature.objects.filter(paper__in=printed, withdrawn_at=None)
    return found.select_related("paper").order_by("paper__position", "pk")


def _named(missing: Iterable[Any]) -> list[str]:
    """Name what is missing by paper: "Contract, copy 1 (citizen, seal)"."""
    by_paper: dict[str, list[str]] = {}
    for each in missing:
        paper = _("%(paper)s, copy %(copy)s") % {
            "paper": each.paper.get_kind_display(),
            "copy": each.paper.copy,
        }
        by_paper.setdefault(paper, []).append(str(Signature.Role(each.role).label))
    return [f"{paper} ({', '.join(roles)})" for paper, roles in by_paper.items()]


def _rows(printed: Sequence[Paper], missing: Iterable[Any], open_form: Any) -> list[Row]:
    left = {(each.paper.pk, str(each.role)) for each in missing}
    ticked = set(open_form.data.getlist("tick")) if open_form and open_form.is_bound else set()
    return [Row(paper, [_cell(paper, role, left, ticked) for role in ROLES]) for paper in printed]


def _cell(paper: Paper, role: Signature.Role, left: set[tuple[int, str]], ticked: set[str]) -> Cell:
    value = signatures.written(paper.pk, role.value)
    if role.value not in paper.expected:
        state = "none"
    else:
        state = "missing" if (paper.pk, role.value) in left else "signed"
    return Cell(role.value, role.label, value, state, value in ticked)

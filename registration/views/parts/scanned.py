"""Within the step "signatures": which pages of the papers came back from the scanner."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from registration.models import Application, Paper, PaperScan
from registration.queries import scans
from registration.queries.scans import Row


@dataclass(frozen=True)
class ScannedPaper:
    """A paper, its pages with their sheets, and its scan once all of them are confirmed."""

    paper: Paper
    rows: list[Row]
    scan: PaperScan | None


def shown(application: Application) -> dict[str, Any]:
    """Return what the step's template needs; nothing while no page was scanned."""
    rows = scans.completeness(application)
    if not any(row.sheet for row in rows):
        return {"scanned": [], "missing_pages": []}
    kept = {
        each.paper_id: each for each in PaperScan.objects.filter(paper__application=application)
    }
    grouped = groupby(rows, key=lambda row: row.page.paper)
    return {
        "scanned": [ScannedPaper(paper, list(of), kept.get(paper.pk)) for paper, of in grouped],
        "missing_pages": [_named(row) for row in rows if row.sheet is None],
    }


def _named(row: Row) -> str:
    return _("%(paper)s, copy %(copy)s, page %(page)s") % {
        "paper": row.page.paper.get_kind_display(),
        "copy": row.page.paper.copy,
        "page": row.page.number,
    }

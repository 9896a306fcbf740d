"""Within the step "signatures": which pages of the papers came back from the scanner."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from registration.models import Application, Paper, PaperScan
from registration.queries import scans
from registration.queries.scans import Row
from registration.views import scan_sentences


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
        "missing_pages": [scan_sentences.named_page(row.page) for row in rows if row.sheet is None],
    }

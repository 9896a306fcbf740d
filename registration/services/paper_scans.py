"""The scan of a whole paper: made when each of its pages is confirmed, kept with the case."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils import timezone

from archive import store
from archive.services import audit
from registration.intake import layer
from registration.intake.layer import Leaf
from registration.models import Paper, PaperScan, Sheet
from registration.queries import scans
from registration.services import cases, sheets

_CONFIRMED = Q(pages__sheets__state=Sheet.State.CONFIRMED)
_RETRIED = timedelta(days=7)  # from the last confirmation: after that a person must look


def awaiting(now: datetime) -> Iterator[Paper]:
    """Yield the papers whose pages are all confirmed and whose scan is not made yet."""
    lately = Sheet.objects.filter(decided_at__gt=now - _RETRIED, state=Sheet.State.CONFIRMED)
    counted = Paper.objects.filter(scan=None, pk__in=lately.values("page__paper")).annotate(
        pages_printed=Count("pages", distinct=True),
        pages_scanned=Count("pages", filter=_CONFIRMED, distinct=True),
    )
    yield from counted.filter(pages_scanned=F("pages_printed"))


def keep(paper_id: int) -> PaperScan | None:
    """Make a paper's scan, if all is there and nobody made it: searchable PDF/A-2b."""
    paper = Paper.objects.select_related("application").get(pk=paper_id)
    confirmed = _confirmed(paper)
    if sum(sheet.page is not None for sheet in confirmed) != paper.pages.count():
        return None
    pdf = layer.paper([_leaf(sheet) for sheet in confirmed], f"{paper.title} {paper.copy}")
    values = {"sha256": store.put(pdf), "size": len(pdf), "pages": len(confirmed)}
    with audit.transaction():
        cases.locked(paper.application)
        known = PaperScan.objects.filter(paper=paper, pages=len(confirmed)).first()
        if known:
            return known
        scan, _made = PaperScan.objects.update_or_create(
            paper=paper, defaults=values | {"made_at": timezone.now()}
        )
        facts = {"paper": paper.kind, "copy": paper.copy, "sha256": scan.sha256}
        audit.append("scan.keep", subject=paper.application.number, by=None, facts=facts)
    return scan


def origins(paper: Paper) -> list[dict[str, object]]:
    """Return where each page of a scan came from: its picture, its stack, the number in it."""
    return [
        {
            "picture": sheet.original,
            "media": sheet.scanned["original"],
            "stack": sheet.stack.sha256,
            "number": sheet.number,
        }
        for sheet in _confirmed(paper)
    ]


def _confirmed(paper: Paper) -> list[Sheet]:
    return list(scans.sheets_of(paper, Sheet.State.CONFIRMED))


def _leaf(sheet: Sheet) -> Leaf:
    page = sheet.place
    assert page is not None  # noqa: S101 - a confirmed sheet has its page
    return Leaf(sheets.scanned_page(sheet), scans.born_page(page), sheets.placing(sheet))

"""The scan of a whole paper: made when each of its pages is confirmed, kept with the case."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils import timezone

from archive import store
from archive.filing import FiledOrigin, FiledScan
from archive.services import audit
from archive.services import scans as archived
from archive.services.files import blobs
from registration.intake import layer
from registration.intake.layer import Leaf
from registration.models import Application, Paper, PaperScan, Sheet
from registration.queries import cases as found
from registration.queries import papers, scans
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
    """Make a paper's scan, if all is there and nobody made it: searchable PDF/A-2b.

    None is made of a case whose record was destroyed.
    """
    paper = Paper.objects.select_related("application").get(pk=paper_id)
    confirmed = _confirmed(paper)
    whole = sum(sheet.page is not None for sheet in confirmed) == paper.pages.count()
    if not whole or found.stub_of(paper.application):
        return None
    pdf = layer.paper([_leaf(sheet) for sheet in confirmed], f"{paper.title} {paper.copy}")
    sha256 = store.put(pdf)
    values = {"sha256": sha256, "size": len(pdf), "pages": len(confirmed)}
    with audit.transaction():
        paper.application = cases.locked(paper.application)
        known = PaperScan.objects.filter(paper=paper, pages=len(confirmed)).first()
        if known:
            return known
        blobs.keep([sha256])
        scan, _made = PaperScan.objects.update_or_create(
            paper=paper, defaults=values | {"made_at": timezone.now()}
        )
        facts = {"paper": paper.kind, "copy": paper.copy, "sha256": scan.sha256}
        audit.append("scan.keep", subject=paper.application.number, by=None, facts=facts)
        if paper.application.record_reference:
            _archive(scan)
    return scan


def archive_all(case: Application) -> None:
    """Lay the scans of a case that was filed this moment into its record."""
    counting = PaperScan.objects.filter(paper__application=case, paper__superseded_at=None)
    for scan in counting.select_related("paper__application"):
        _archive(scan)


def _archive(scan: PaperScan) -> None:
    """Lay a scan beside its paper in the record of the case."""
    paper = scan.paper
    filed = FiledScan(
        kind=paper.kind,
        copy=paper.copy,
        original=paper.sha256 or papers.address(paper),
        sha256=scan.sha256,
        size=scan.size,
        pages=scan.pages,
        origins=tuple(_origin(sheet) for sheet in _confirmed(paper)),
    )
    archived.keep(paper.application.record_reference, filed, by=None)


def _origin(sheet: Sheet) -> FiledOrigin:
    return FiledOrigin(
        picture=sheet.original,
        media=sheet.scanned["original"],
        stack=sheet.stack.sha256,
        number=sheet.number,
    )


def _confirmed(paper: Paper) -> list[Sheet]:
    return list(scans.sheets_of(paper, Sheet.State.CONFIRMED))


def _leaf(sheet: Sheet) -> Leaf:
    page = sheet.place
    assert page is not None  # noqa: S101 - a confirmed sheet has its page
    return Leaf(sheets.scanned_page(sheet), scans.born_page(page), sheets.placing(sheet))

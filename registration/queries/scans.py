"""What the office knows when a scan comes in, and which pages of a case are not scanned yet."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from archive import store
from registration.documents import codes
from registration.documents.codes import PageCode
from registration.documents.zones import Rect, Zone
from registration.intake.born import BornPage
from registration.intake.naming import Known
from registration.intake.reading import Office as Knowing
from registration.models import Application, Office, Page, Paper, Sheet, Stack
from registration.queries import papers
from registration.workflow.states import State


@dataclass(frozen=True)
class Row:
    """A page of a paper that counts, and the sheet that shows it, if there is one."""

    page: Page
    sheet: Sheet | None

    @property
    def state(self) -> str:
        return self.sheet.state if self.sheet else "missing"


def knowing(office: Office) -> Knowing:
    """Return what reading asks of an office: it knows its own cases only."""

    def lookup(code: PageCode) -> Known | None:
        page = page_of(code, office)
        if page is None:
            return None
        paper = page.paper
        reason = paper.superseded_reason or "corrected" if paper.superseded_at else ""
        return Known(page.content_hash, reason)

    def born(code: PageCode) -> BornPage | None:
        page = page_of(code, office)
        return born_page(page) if page else None

    key = codes.read_key(Path(str(settings.OVERA["KEYS"])))
    return Knowing(key, lookup, born)


def page_of(code: PageCode, office: Office) -> Page | None:
    """Return the page that a code names, of this office's cases."""
    return (
        Page.objects.filter(
            paper__application__office=office,
            paper__application__number=code.case_number,
            paper__kind=code.kind,
            paper__copy=code.copy,
            paper__packet__run=code.run,
            number=code.page,
        )
        .select_related("paper__application", "paper__packet")
        .first()
    )


def born_page(page: Page) -> BornPage:
    """Return a page as it was printed."""
    zones = tuple(Zone(**{**each, "rect": Rect(**each["rect"])}) for each in page.zones)
    address = page.paper.sha256 or papers.address(page.paper)
    return BornPage(store.get(address), page.number, zones)


def completeness(application: Application) -> list[Row]:
    """Return each page of the papers that count, in order, with its sheet."""
    counting = [each for each in papers.current(application) if each.kind != Paper.Kind.REPRINT]
    best = {
        sheet.page_id: sheet
        for sheet in Sheet.objects.filter(
            page__paper__in=counting, state__in=[Sheet.State.NAMED, Sheet.State.CONFIRMED]
        ).select_related("stack")
    }
    pages = Page.objects.filter(paper__in=counting).select_related("paper__application")
    ordered = pages.order_by("paper__position", "number")
    return [Row(page, best.get(page.pk)) for page in ordered]


def awaited(office: Office) -> QuerySet[Page]:
    """Return the pages of the office's papers that count and that no scan shows yet.

    Only of cases of which some page came in: else every case of the day would be listed.
    """
    begun = Application.objects.filter(
        office=office, papers__pages__sheets__isnull=False
    ).distinct()
    return (
        Page.objects.filter(paper__application__in=begun, paper__superseded_at=None)
        .exclude(sheets__state__in=[Sheet.State.NAMED, Sheet.State.CONFIRMED])
        .exclude(paper__kind=Paper.Kind.REPRINT)
        .select_related("paper__application")
        .order_by("paper__application__number", "paper__position", "number")
    )


def stacks_of(office: Office) -> QuerySet[Stack]:
    """Return the office's stacks, the latest first, with how many of their sheets wait for what."""
    state = Sheet.State
    latest_first = Stack.objects.filter(office=office).order_by("-received_at")
    return latest_first.annotate(
        unread=Count("sheets", filter=Q(sheets__state=state.WAITING)),
        named=Count("sheets", filter=Q(sheets__state=state.NAMED)),
        tray=Count("sheets", filter=Q(sheets__state__in=[state.TRAY, state.FAILED])),
        refused=Count("sheets", filter=Q(sheets__state=state.REFUSED)),
    )


def to_confirm(office: Office, stack: Stack | None = None) -> QuerySet[Paper]:
    """Return the papers of which sheets wait for confirmation, case by case."""
    named = Sheet.objects.filter(stack__office=office, state=Sheet.State.NAMED)
    if stack:
        named = named.filter(stack=stack)
    shown, behind = named.values("page__paper"), named.values("behind__paper")
    waiting = Paper.objects.filter(Q(pk__in=shown) | Q(pk__in=behind), superseded_at=None)
    return waiting.select_related("application").order_by("application__number", "position")


def tray(office: Office) -> QuerySet[Sheet]:
    """Return the sheets of which a person must say what they are, the oldest stack first."""
    waiting = Sheet.objects.filter(
        stack__office=office, state__in=[Sheet.State.TRAY, Sheet.State.FAILED]
    )
    return waiting.select_related("stack").order_by("stack__received_at", "number")


def sheets_of(paper: Paper, *states: str) -> QuerySet[Sheet]:
    """Return a paper's sheets in the order of its pages, then what is kept behind a cover."""
    of_paper = Q(page__paper=paper) | Q(behind__paper=paper)
    found = Sheet.objects.filter(of_paper, state__in=states).select_related(
        "stack", "page__paper__application", "behind__paper__application"
    )
    return found.order_by(F("page__number").asc(nulls_last=True), "stack__received_at", "number")


def covers(office: Office) -> QuerySet[Page]:
    """Return the covers behind which a request that a citizen brought may belong."""
    counting = Page.objects.filter(
        paper__kind=Paper.Kind.COVER,
        paper__superseded_at=None,
        paper__application__office=office,
        sheets__isnull=False,
    )
    found = counting.exclude(paper__application__state=State.FILED).distinct()
    return found.select_related("paper__application").order_by("paper__application__number")

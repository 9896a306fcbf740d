"""Whose data the counter has kept long enough, and what still stands against dropping them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from archive import store
from archive.models import AuditEvent, RecordCertificate, RecordFile
from registration.ca.errors import CAError
from registration.models import (
    Application,
    Certificate,
    Issuance,
    LetterRun,
    Notice,
    Page,
    Paper,
    PaperScan,
    PaperSeal,
    Sheet,
    Signature,
    Stack,
    StatusRequest,
)
from registration.queries import bodies, issuances, papers, status_requests
from registration.queries.cases import of_stubs, record_of, stub_of
from registration.workflow.issuance import Stage
from registration.workflow.states import State

_DECIDED = (Sheet.State.CONFIRMED, Sheet.State.SET_ASIDE, Sheet.State.BLANK)
_ENDED = (State.WITHDRAWN, State.REFUSED)
_UNUSED = (State.DRAFT, State.PRINTED)
FAILED, DROPPED = "case.drop_failed", "case.drop_person"  # events of the audit
_NO_FILE = {""}  # what stands for a file that the counter has forgotten


class Obstacle(StrEnum):
    """Why the data of a person stay although their time is over."""

    NOT_FILED = "not-filed"
    RECORD_MISSING = "record-missing"
    FILE_MISSING = "file-missing"
    SHEETS_WAITING = "sheets-waiting"
    PAGES_MISSING = "pages-missing"
    SCAN_MISSING = "scan-missing"
    SEAL_WAITING = "seal-waiting"
    MAKING_OPEN = "making-open"
    BODY_GONE = "body-gone"
    STATUS_OPEN = "status-open"
    SUSPENDED = "suspended"
    NOTICE_OPEN = "notice-open"


def waiting(now: datetime, *, after: int = 0) -> QuerySet[Application]:
    """Return the cases in which something is to be forgotten, by their ids from `after` on."""
    found = (each(now).order_by().values("pk") for each in (unused, due, late))
    unused_, due_, late_ = (Q(pk__in=each) for each in found)
    return Application.objects.filter(unused_ | due_ | late_, pk__gt=after).order_by("pk")


def overdue(now: datetime) -> QuerySet[Application]:
    """Return the cases that tell of a person although its time is over, filed first first."""
    found = (each(now).order_by().values("pk") for each in (due, late))
    due_, late_ = (Q(pk__in=each) for each in found)
    return Application.objects.filter(due_ | late_).order_by("filed_at", "number")


def dropped_since(moment: datetime) -> int:
    """Return how many persons were forgotten since then."""
    return Application.objects.filter(dropped_at__gte=moment).count()


def due(now: datetime) -> QuerySet[Application]:
    """Return the cases whose time is over, those filed first, longest ago first.

    Where the record is destroyed it is over at once.
    """
    kept = Application.objects.filter(dropped_at=None)
    filed = Q(state=State.FILED, filed_at__lt=now - _days("PERSON_KEPT_DAYS"))
    destroyed = Q(state=State.FILED, pk__in=of_stubs().order_by().values("pk"))
    ended = Q(state__in=_ENDED, changed_at__lt=now - _days("UNFILED_KEPT_DAYS"))
    return kept.filter(filed | destroyed | ended).order_by("filed_at", "number")


def late(_now: datetime) -> QuerySet[Application]:
    """Return dropped cases to which something came later: a word of the body, a scan."""
    said = Issuance.objects.filter(application=OuterRef("pk"), body_messages__isnull=False)
    scanned = sheets_of(OuterRef("pk")).exclude(original="")
    return Application.objects.filter(dropped_at__isnull=False).filter(
        Exists(said) | Exists(scanned)
    )


def unused(now: datetime) -> QuerySet[Application]:
    """Return open cases that nobody signed anything in, and nobody touched for long."""
    touched = now - _days("UNUSED_KEPT_DAYS")
    signed = Signature.objects.filter(paper__application=OuterRef("pk"), withdrawn_at=None)
    found = Application.objects.filter(state__in=_UNUSED, changed_at__lt=touched)
    return found.exclude(Exists(signed)).order_by("number")


def letters(now: datetime) -> QuerySet[LetterRun]:
    """Return printed letters that are kept no longer."""
    printed = LetterRun.objects.exclude(sha256="")
    return printed.filter(printed_at__lt=now - _days("PERSON_KEPT_DAYS"))


def sheets_of(case: Any) -> QuerySet[Sheet]:
    """Return every sheet that shows, or is kept behind, a page of a case."""
    return Sheet.objects.filter(
        Q(page__paper__application=case) | Q(behind__paper__application=case)
    )


def obstacles(case: Application) -> tuple[Obstacle, ...]:
    """Return all that stands against dropping the person of a case now.

    Where the record is destroyed only what waits for a person's word, and holds others' papers.
    """
    asked = _STANDS if stub_of(case) is None else {Obstacle.SHEETS_WAITING: _sheets_waiting}
    return tuple(each for each, stands in asked.items() if stands(case))


def failed(case: Application) -> bool:
    """Tell whether the last try to drop the person broke off."""
    tried = AuditEvent.objects.filter(subject=case.number, event__in=(FAILED, DROPPED))
    last = tried.order_by("number").last()
    return last is not None and last.event == FAILED


def _days(setting: str) -> timedelta:
    return timedelta(days=int(str(settings.OVERA[setting])))


def _not_filed(case: Application) -> bool:
    """Tell whether something was signed or made of which the archive knows nothing."""
    if case.state == State.FILED:
        return False
    return papers.any_signed(case) or case.certificates.exists()


def _record_missing(case: Application) -> bool:
    return case.state == State.FILED and record_of(case) is None


def _file_missing(case: Application) -> bool:
    """Tell whether a paper or certificate that counts is not named by the record, or is gone."""
    record = record_of(case)
    if record is None:
        return False
    named = {
        *RecordFile.objects.filter(record=record).values_list("sha256", flat=True),
        *RecordCertificate.objects.filter(record=record).values_list("sha256", flat=True),
    }
    live = case.certificates.filter(revoked_at=None).values_list("sha256", flat=True)
    needed = {each.sha256 for each in papers.kept(case)} | set(live)
    return not needed - _NO_FILE <= named or not all(map(store.exists, named))


def _sheets_waiting(case: Application) -> bool:
    """Tell whether a page waits for a word, or lies in a scanner's file of which another does."""
    found = sheets_of(case.pk)
    open_stacks = Stack.objects.filter(sheets__in=found).exclude(state=Stack.State.CLOSED)
    return found.exclude(state__in=_DECIDED).exists() or open_stacks.exists()


def _pages_missing(case: Application) -> bool:
    """Tell whether a paper was scanned in part."""
    confirmed = Sheet.objects.filter(page=OuterRef("pk"), state=Sheet.State.CONFIRMED)
    counting = Page.objects.filter(paper__application=case, paper__superseded_at=None)
    begun = counting.filter(Exists(confirmed)).values("paper")
    return counting.filter(paper__in=begun).exclude(Exists(confirmed)).exists()


def _scan_missing(case: Application) -> bool:
    """Tell whether the scan of a whole paper is not made yet, or did not come into the record."""
    confirmed = Sheet.objects.filter(page__paper=OuterRef("pk"), state=Sheet.State.CONFIRMED)
    counting = Paper.objects.filter(application=case, superseded_at=None)
    if counting.filter(Exists(confirmed), scan=None).exists():
        return True
    scans = PaperScan.objects.filter(paper__in=counting).values_list("sha256", flat=True)
    kept = RecordFile.objects.filter(record__reference=case.record_reference)
    lost = set(scans) - _NO_FILE - set(kept.values_list("sha256", flat=True))
    return case.state == State.FILED and bool(lost)


def _seal_waiting(case: Application) -> bool:
    seals = PaperSeal.objects.filter(paper__application=case)
    given_up = Q(state=PaperSeal.State.FAILED, failure_code="given-up")
    return seals.exclude(state=PaperSeal.State.SEALED).exclude(given_up).exists()


def _making_open(case: Application) -> bool:
    ended = Issuance.objects.filter(stage__in=[Stage.CONFIRMED, Stage.ABANDONED])
    running = case.issuances.exclude(pk__in=ended.values("pk")).exists()
    return running or bool(issuances.outstanding(case))


def _body_gone(case: Application) -> bool:
    """Tell whether the evidence would lack the certificates of the body."""
    try:
        for each in Issuance.objects.filter(certificate__in=case.certificates.all()):
            bodies.of(each).chain()
    except CAError:
        return True
    return False


def _status_open(case: Application) -> bool:
    """Tell whether a change of a status is under way: the case's own, or of its certificates.

    What nobody could see while a certificate was valid is not waited for afterwards.
    """
    about = Q(application=case) | Q(certificates__in=case.certificates.all())
    rows = StatusRequest.objects.filter(about)
    valid = rows.filter(certificates__not_after__gt=timezone.now())
    own = set(valid.values_list("pk", flat=True))
    asked = Application.objects.filter(status_request__in=rows).exclude(
        state__in=[State.PERFORMED, State.FILED, *_ENDED]
    )
    return asked.exists() or any(row.pk in own for row in status_requests.unpublished())


def _suspended(case: Application) -> bool:
    """Tell whether a certificate can still be reactivated or revoked."""
    held = Certificate.objects.filter(
        application=case, revoked_at=None, not_after__gt=timezone.now()
    )
    return held.filter(suspended_at__isnull=False).exists()


def _notice_open(case: Application) -> bool:
    state = Notice.State
    return case.notices.filter(state__in=[state.WAITING, state.SENDING]).exists()


_STANDS: dict[Obstacle, Callable[[Application], bool]] = {
    Obstacle.NOT_FILED: _not_filed,
    Obstacle.RECORD_MISSING: _record_missing,
    Obstacle.FILE_MISSING: _file_missing,
    Obstacle.SHEETS_WAITING: _sheets_waiting,
    Obstacle.PAGES_MISSING: _pages_missing,
    Obstacle.SCAN_MISSING: _scan_missing,
    Obstacle.SEAL_WAITING: _seal_waiting,
    Obstacle.MAKING_OPEN: _making_open,
    Obstacle.BODY_GONE: _body_gone,
    Obstacle.STATUS_OPEN: _status_open,
    Obstacle.SUSPENDED: _suspended,
    Obstacle.NOTICE_OPEN: _notice_open,
}

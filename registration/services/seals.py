"""Electronic seals of filed papers: asked for, made outside of any transaction, tried again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from archive import store
from archive.filing import FiledSeal
from archive.models import RecordFile
from archive.services import audit
from archive.services import seals as archived
from archive.services.files import blobs
from registration import errors
from registration.models import Application, Paper, PaperSeal, User
from registration.queries import cases as found
from registration.queries import papers
from registration.seals import checks, configuration, pades
from registration.seals.base import SealFinding, Verdict
from registration.seals.errors import PaperUnsealableError, SealError, UnforeseenError
from registration.services import cases
from registration.workflow.states import Role

_WAITING, _SEALED, _FAILED = PaperSeal.State
_LEASE = timedelta(minutes=5)  # a try that has not ended by then was lost with its worker
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
_AT_ONCE = 20  # handed out by one sweep
GIVEN_UP = "given-up"


def request(application: Application, papers: Iterable[Paper], *, by: User) -> None:
    """Ask for seals on the papers of a case that is filed; runs in the filing's transaction.

    Where no seal is set up nothing is asked for. Nothing is made here, so nothing can fail.
    """
    wanted = list(papers)
    if not (_section() and wanted):
        return
    now = timezone.now()
    PaperSeal.objects.bulk_create(
        PaperSeal(paper=paper, source=paper.sha256, requested_at=now, due_at=now)
        for paper in wanted
    )
    facts = {"papers": len(wanted)}
    audit.append("case.ask_for_seals", subject=application.number, by=by, facts=facts)


def due(now: datetime) -> list[str]:
    """Return which seals are to be made now.

    While the last tries failed one paper is tried alone, after growing waits; its success lets
    all go on. After a failure that stops the sealing none is, until somebody says so.
    """
    if not _section() or _stopped():
        return []
    waiting = PaperSeal.objects.filter(state=_WAITING)
    ready = waiting.filter(_free(now), due_at__lte=now).order_by("due_at", "pk")
    probe = waiting.exclude(failure_code="").order_by("-tries", "pk").first()
    chosen = ready.filter(pk=probe.pk) if probe else ready[:_AT_ONCE]
    return [str(pk) for pk in chosen.values_list("pk", flat=True)]


def perform(seal_id: str) -> SealError | None:
    """Make one seal and lay the sealed paper into the record; return what hindered it.

    A seal that is made already, under way, or not due is left alone, so it may be called twice.
    """
    claimed = _claim(seal_id)
    if claimed is None:
        return None
    try:
        pdf, finding = _made(claimed)
    except SealError as fault:
        _note_failure(claimed, fault)
        return fault
    _keep(claimed, pdf, finding)
    return None


def give_up(seal: PaperSeal, reason: str, *, by: User | None) -> None:
    """Leave a paper without a seal, for a reason. Raises SealedAlreadyError where it has one."""
    _require_administrator(by)
    with audit.transaction():
        row = _locked(seal.pk)
        if row.state == _SEALED:
            raise errors.SealedAlreadyError
        row.state, row.stops = _FAILED, False
        _end(row, GIVEN_UP, "", {"reason": reason})
        row.save()
        facts = _about(row) | {"reason": reason}
        audit.append("paper.seal_given_up", subject=_case(row).number, by=by, facts=facts)


def leave(application: Application) -> None:
    """Ask no longer for the seals of papers that are destroyed; in the caller's transaction."""
    waiting = PaperSeal.objects.filter(paper__application=application).exclude(state=_SEALED)
    facts: dict[str, Any] = {"claimed_until": None, "failure_kind": "", "failure_facts": {}}
    waiting.update(state=_FAILED, stops=False, failure_code=GIVEN_UP, **facts)


def try_again(*, by: User | None) -> int:
    """Let the sealing go on after what stopped it was seen to; return how many papers wait."""
    _require_administrator(by)
    with audit.transaction():
        failed = PaperSeal.objects.filter(state=_FAILED).exclude(failure_code=GIVEN_UP)
        waiting = failed.update(state=_WAITING, stops=False, tries=0, due_at=timezone.now())
        audit.append("seals.try_again", subject="seals", by=by, facts={"papers": waiting})
    return waiting


def check(seal: PaperSeal) -> SealFinding:
    """Say whether a stored seal holds today and begins with the paper as it was filed.

    Raises SettingsError where the roots cannot be read.
    """
    roots = configuration.read(_section() or {}).roots
    try:
        pdf = store.get(_sealed(seal))
        paper = store.get(seal.source or papers.address(seal.paper))
    except store.StoreError:
        return SealFinding(Verdict.UNREADABLE)
    finding = checks.check(pdf, roots, timezone.now())
    return finding if pdf.startswith(paper) else replace(finding, verdict=Verdict.ALTERED)


def made() -> Iterator[PaperSeal]:
    """Yield the seals whose papers are still kept, here or in the archive."""
    rows = PaperSeal.objects.filter(state=_SEALED).select_related("paper__application")
    yield from filter(_sealed, rows.iterator())


def _sealed(seal: PaperSeal) -> str:
    """Return where the sealed paper lies; empty where the archive has destroyed it."""
    return seal.sha256 or papers.address(seal.paper, RecordFile.Edition.SEALED)


def _section() -> Any:
    return settings.OVERA.get("SEAL")


def _stopped() -> bool:
    return PaperSeal.objects.filter(state=_FAILED, stops=True).exists()


def _free(now: datetime) -> Q:
    """Choose what no worker is at; one that did not end in time was lost."""
    return Q(claimed_until=None) | Q(claimed_until__lt=now)


def _claim(seal_id: str) -> PaperSeal | None:
    """Write down that a try begins: a worker that dies meanwhile costs a try and a wait."""
    with audit.transaction():
        now, row = timezone.now(), _locked(seal_id)
        ready = PaperSeal.objects.filter(_free(now), pk=row.pk, state=_WAITING, due_at__lte=now)
        if not (_section() and ready.exists()) or _stopped():
            return None
        row.tries += 1
        row.due_at, row.claimed_until = now + _wait(row.tries), now + _LEASE
        row.save()
    return row


def _wait(tries: int) -> timedelta:
    return min(_FIRST_WAIT * (1 << min(tries - 1, 10)), _LONGEST_WAIT)


def _made(seal: PaperSeal) -> tuple[bytes, SealFinding]:
    sealer = configuration.read(_section())
    try:
        pdf = store.get(seal.source)
    except store.StoreError as fault:
        raise PaperUnsealableError("file-missing-or-damaged") from fault
    try:
        return pades.sealed(pdf, sealer)
    except SealError:
        raise
    except Exception as fault:  # of a library; it may lie in this one file: the others go on
        raise UnforeseenError(type(fault).__name__) from fault


def _note_failure(seal: PaperSeal, fault: SealError) -> None:
    """Wait longer, or stop; nothing where somebody gave up meanwhile."""
    with audit.transaction():
        row = _locked(seal.pk)
        if row.state != _WAITING:
            return
        row.due_at = timezone.now() + _wait(row.tries)
        _end(row, fault.reason, type(fault).__name__, fault.facts)
        if not fault.retryable:
            row.state, row.stops = _FAILED, fault.stops
            facts = _about(row) | {"code": fault.reason}
            audit.append("paper.seal_failed", subject=_case(row).number, by=None, facts=facts)
        row.save()


def _keep(seal: PaperSeal, pdf: bytes, finding: SealFinding) -> None:
    """Store the sealed paper, then its rows; nothing where nobody wants it any more."""
    sha256 = store.put(pdf)
    with audit.transaction():
        row = _locked(seal.pk)
        if row.state != _WAITING:
            return
        if found.stub_of(_case(row)):
            leave(_case(row))
            return
        blobs.keep([sha256])
        row.state, row.sha256, row.size = _SEALED, sha256, len(pdf)
        row.level, row.sealer, row.sealed_at = finding.level, finding.sealer, finding.sealed_at
        _end(row, "", "", {})
        row.save()
        _let_go_on()
        archived.keep(_case(row).record_reference, _filed(row), by=None)


def _let_go_on() -> None:
    """Do not let the others wait any longer for what works again."""
    now = timezone.now()
    waiting = PaperSeal.objects.filter(_free(now), state=_WAITING).exclude(failure_code="")
    waiting.update(due_at=now, tries=0, failure_code="", failure_kind="", failure_facts={})


def _end(row: PaperSeal, code: str, kind: str, facts: dict[str, Any]) -> None:
    row.claimed_until = None
    row.failure_code, row.failure_kind, row.failure_facts = code[:60], kind, facts


def _filed(row: PaperSeal) -> FiledSeal:
    return FiledSeal(
        kind=row.paper.kind,
        copy=row.paper.copy,
        original=row.source,
        sha256=row.sha256,
        size=row.size,
        sealed_by=row.sealer,
        sealed_at=row.sealed_at or timezone.now(),
        level=row.level,
    )


def _about(row: PaperSeal) -> dict[str, Any]:
    return {"paper": [row.paper.kind, row.paper.copy, row.source]}


def _case(row: PaperSeal) -> Application:
    return row.paper.application


def _locked(seal_id: str | int) -> PaperSeal:
    rows = PaperSeal.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("paper__application").get(pk=seal_id)


def _require_administrator(by: User | None) -> None:
    """Let the system itself act (`manage.py seals`), and administrators."""
    if by is not None and Role.ADMINISTRATOR not in cases.roles_of(by):
        raise errors.NotAllowedError

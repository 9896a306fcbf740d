"""Reading stacks page by page: any worker takes a batch, whoever is killed is stood in for."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from archive import spool
from archive.errors import ArchiveError
from archive.services import audit
from registration.intake import errors as faults
from registration.intake import reading
from registration.intake import stacks as files
from registration.intake.errors import IntakeError
from registration.models import Sheet, Stack
from registration.queries import scans
from registration.services import confirmations, findings, stacks

BATCH = 20  # pages that one task reads: workers share a stack
_STALLED = timedelta(minutes=2)
_CODES = {
    faults.UnknownFormatError: "format",
    faults.EncryptedError: "encrypted",
    faults.BrokenError: "broken",
    faults.TooLargeError: "too-large",
    faults.NoPictureError: "no-picture",
}

log = logging.getLogger(__name__)


def begin(stack_id: str) -> list[int]:
    """Count a stack's pages; return the first page of each batch. Again, it says what is left."""
    stack = Stack.objects.get(pk=stack_id)
    if stack.state not in {Stack.State.WAITING, Stack.State.READING}:
        return []
    if stack.pages is None:
        try:
            with spool.opened(stack.spooled) as path, files.opened(path) as opened:
                count = opened.count
        except (IntakeError, ArchiveError) as fault:
            _refuse(stack, fault)
            return []
        _counted(stack, count)
    waiting = stack.sheets.filter(state=Sheet.State.WAITING).values_list("number", flat=True)
    return sorted({1 + (number - 1) // BATCH * BATCH for number in waiting})


def read(stack_id: str, first: int) -> None:
    """Read the pages of one batch that nobody read yet; each page's failure is its own."""
    stack = Stack.objects.select_related("office").get(pk=stack_id)
    waiting = stack.sheets.filter(
        state=Sheet.State.WAITING, number__gte=first, number__lt=first + BATCH
    )
    if stack.state != Stack.State.READING or not waiting:
        return
    office = scans.knowing(stack.office)
    try:
        with spool.opened(stack.spooled) as path, files.opened(path) as opened:
            for sheet in waiting:
                _read(sheet, opened, office)
                Stack.objects.filter(pk=stack.pk).update(moved_at=timezone.now())
    except (IntakeError, ArchiveError):
        log.exception("stack %s was readable before", stack_id)
        for sheet in waiting.all():
            findings.note_failure(sheet, "lost", {})
    _settle(stack)


def sweep(now: datetime) -> Iterator[Stack]:
    """Yield the stacks that nobody goes on reading: a worker was killed, or the broker was away."""
    open_ = [Stack.State.WAITING, Stack.State.READING]
    for stack in Stack.objects.filter(state__in=open_, moved_at__lt=now - _STALLED):
        if Stack.objects.filter(pk=stack.pk, moved_at=stack.moved_at).update(moved_at=now):
            yield stack


def _counted(stack: Stack, count: int) -> None:
    with audit.transaction():
        row = Stack.objects.select_for_update(no_key=True).get(pk=stack.pk)
        if row.pages is not None:
            return
        Sheet.objects.bulk_create(Sheet(stack=row, number=number) for number in range(1, count + 1))
        row.pages, row.state, row.moved_at = count, Stack.State.READING, timezone.now()
        row.save(update_fields=["pages", "state", "moved_at"])


def _refuse(stack: Stack, fault: Exception) -> None:
    """Refuse a whole file; a person sees what is wrong with it and discards it."""
    code, facts = _told(fault)
    with audit.transaction():
        Stack.objects.filter(pk=stack.pk).update(
            state=Stack.State.REFUSED, failure=code, failure_facts=facts
        )
        audit.append("stack.refuse", subject=str(stack.pk), by=None, facts={"why": code} | facts)


def _read(sheet: Sheet, opened: files.Stack, office: reading.Office) -> None:
    try:
        page = opened.page(sheet.number)
        finding = reading.read(page, office)
    except IntakeError as fault:
        findings.note_failure(sheet, *_told(fault))
    except Exception:
        log.exception("page %s of stack %s", sheet.number, sheet.stack_id)
        findings.note_failure(sheet, "unexpected", {})
    else:
        findings.note(sheet, page, finding)
        confirmations.accept(sheet)


def _settle(stack: Stack) -> None:
    """Let a stack be read when none of its pages waits any more."""
    if not stack.sheets.filter(state=Sheet.State.WAITING).exists():
        reading_ = Stack.objects.filter(pk=stack.pk, state=Stack.State.READING)
        reading_.update(state=Stack.State.READ, moved_at=timezone.now())
        findings.put_behind_covers(stack)
        stacks.close(stack, by=None)


def _told(fault: Exception) -> tuple[str, dict[str, Any]]:
    """Return a fault's code and facts, as the pages say them."""
    code = next((code for kind, code in _CODES.items() if isinstance(fault, kind)), "broken")
    if isinstance(fault, faults.TooLargeError):
        return code, {"what": fault.what, "found": fault.found, "limit": fault.limit}
    return code, {}

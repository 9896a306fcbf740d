"""Stacks of scans: received, read page by page, closed and destroyed when all is decided."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from archive import spool
from archive.services import audit
from registration import errors
from registration.intake import errors as faults
from registration.intake import reading, stacks
from registration.intake.errors import IntakeError
from registration.models import Office, Sheet, Stack, User
from registration.queries import scans
from registration.services import sheets

BATCH = 20  # pages that one task reads: workers share a stack
_STALLED = timedelta(minutes=5)
_CODES = {
    faults.UnknownFormatError: "format",
    faults.EncryptedError: "encrypted",
    faults.BrokenError: "broken",
    faults.TooLargeError: "too-large",
    faults.NoPictureError: "no-picture",
}

log = logging.getLogger(__name__)


def receive(name: str, pieces: Iterable[bytes], office: Office, *, by: User | None) -> Stack:
    """Take in a file from a scanner; it is read by `begin` and `read`.

    Raises StackReceivedError where the same file is being worked on already.
    """
    spooled = spool.put(pieces)
    now = timezone.now()
    try:
        with audit.transaction():
            stack = Stack.objects.create(
                office=office,
                name=Path(name).name[:200],
                spooled=spooled.name,
                sha256=spooled.sha256,
                size=spooled.size,
                received_at=now,
                received_by=by,
                moved_at=now,
            )
            facts = {"sha256": spooled.sha256, "size": spooled.size}
            audit.append("stack.receive", subject=str(stack.pk), by=by, facts=facts)
    except IntegrityError as fault:
        spool.destroy(spooled.name)
        raise errors.StackReceivedError from fault
    return stack


def begin(stack_id: str) -> list[int]:
    """Count a stack's pages; return the first page of each batch. Again, it says what is left."""
    stack = Stack.objects.get(pk=stack_id)
    if stack.state not in {Stack.State.WAITING, Stack.State.READING}:
        return []
    if stack.pages is None:
        try:
            with spool.opened(stack.spooled) as path, stacks.opened(path) as opened:
                count = opened.count
        except IntakeError as fault:
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
    with spool.opened(stack.spooled) as path, stacks.opened(path) as opened:
        for sheet in waiting:
            _read(sheet, opened, office)
            Stack.objects.filter(pk=stack.pk).update(moved_at=timezone.now())
    _settle(stack)


def sweep(now: datetime) -> Iterator[Stack]:
    """Yield the stacks that nobody goes on reading: a worker was killed, or the broker was away."""
    open_ = [Stack.State.WAITING, Stack.State.READING]
    for stack in Stack.objects.filter(state__in=open_, moved_at__lt=now - _STALLED):
        if Stack.objects.filter(pk=stack.pk, moved_at=stack.moved_at).update(moved_at=now):
            yield stack


def close(stack: Stack, *, by: User | None) -> None:
    """Destroy the file of a stack of which nothing waits for a decision any more."""
    decided = [Sheet.State.CONFIRMED, Sheet.State.SET_ASIDE, Sheet.State.BLANK]
    with audit.transaction():
        row = Stack.objects.select_for_update(no_key=True).get(pk=stack.pk)
        if row.state != Stack.State.READ or row.sheets.exclude(state__in=decided).exists():
            return
        row.state = Stack.State.CLOSED
        row.save(update_fields=["state"])
        facts = {"sha256": row.sha256, "pages": row.pages}
        audit.append("stack.destroy", subject=str(row.pk), by=by, facts=facts)
    spool.destroy(row.spooled)
    for sheet in row.sheets.exclude(bundle=""):
        sheets.forget(sheet)


def _counted(stack: Stack, count: int) -> None:
    with audit.transaction():
        row = Stack.objects.select_for_update(no_key=True).get(pk=stack.pk)
        if row.pages is not None:
            return
        Sheet.objects.bulk_create(Sheet(stack=row, number=number) for number in range(1, count + 1))
        row.pages, row.state, row.moved_at = count, Stack.State.READING, timezone.now()
        row.save(update_fields=["pages", "state", "moved_at"])


def _refuse(stack: Stack, fault: IntakeError) -> None:
    """Refuse a whole file: whoever sent it has it still, and is told what is wrong with it."""
    code, facts = told(fault)
    with audit.transaction():
        Stack.objects.filter(pk=stack.pk).update(
            state=Stack.State.REFUSED, failure=code, failure_facts=facts
        )
        audit.append("stack.refuse", subject=str(stack.pk), by=None, facts={"why": code} | facts)
    spool.destroy(stack.spooled)


def _read(sheet: Sheet, opened: stacks.Stack, office: reading.Office) -> None:
    try:
        page = opened.page(sheet.number)
        finding = reading.read(page, office)
    except IntakeError as fault:
        sheets.note_failure(sheet, *told(fault))
    except Exception:
        log.exception("page %s of stack %s", sheet.number, sheet.stack_id)
        sheets.note_failure(sheet, "unexpected", {})
    else:
        sheets.note(sheet, page, finding)


def _settle(stack: Stack) -> None:
    """Let a stack be read when none of its pages waits any more."""
    if not stack.sheets.filter(state=Sheet.State.WAITING).exists():
        reading_ = Stack.objects.filter(pk=stack.pk, state=Stack.State.READING)
        reading_.update(state=Stack.State.READ, moved_at=timezone.now())
        close(stack, by=None)


def told(fault: IntakeError) -> tuple[str, dict[str, Any]]:
    """Return a fault's code and facts, as the pages say them."""
    code = next((code for kind, code in _CODES.items() if isinstance(fault, kind)), "broken")
    if isinstance(fault, faults.TooLargeError):
        return code, {"what": fault.what, "found": fault.found, "limit": fault.limit}
    return code, {}

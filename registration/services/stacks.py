"""Files from scanners: received, discarded where unreadable, destroyed when all is decided."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError
from django.utils import timezone

from archive import spool
from archive.services import audit
from registration import errors
from registration.models import Office, Sheet, Stack, User
from registration.services import bundles

_UNCLAIMED = timedelta(hours=1)  # what comes in is claimed by a row within seconds
_PIECE = 1024 * 1024  # bytes given back at once

log = logging.getLogger(__name__)


def receive(name: str, pieces: Iterable[bytes], office: Office, *, by: User | None) -> Stack:
    """Take in a file from a scanner; it is read by `stack_reading`.

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


def content(stack: Stack, *, by: User) -> Iterator[bytes]:
    """Give back a file that cannot be read, piece by piece; raise NotNowError."""
    if stack.state != Stack.State.REFUSED or not spool.exists(stack.spooled):
        raise errors.NotNowError
    with audit.transaction():
        facts = {"sha256": stack.sha256}
        audit.append("stack.take_back", subject=str(stack.pk), by=by, facts=facts)
    return _pieces(stack)


def _pieces(stack: Stack) -> Iterator[bytes]:
    with spool.opened(stack.spooled) as path, path.open("rb") as file:
        yield from iter(lambda: file.read(_PIECE), b"")


def discard(stack: Stack, *, by: User) -> None:
    """Destroy a file that cannot be read; until then whoever sent it can have it back."""
    with audit.transaction():
        refused = Stack.objects.filter(pk=stack.pk, state=Stack.State.REFUSED)
        if not refused.update(state=Stack.State.CLOSED):
            raise errors.NotNowError
        facts = {"sha256": stack.sha256, "why": stack.failure}
        audit.append("stack.discard", subject=str(stack.pk), by=by, facts=facts)
    spool.destroy(stack.spooled)


def tidy(now: datetime) -> None:
    """Destroy what no stack and no sheet needs: left behind by a process that was killed."""
    left = set(spool.names(now - _UNCLAIMED))
    if not left:
        return
    left -= set(Stack.objects.exclude(state=Stack.State.CLOSED).values_list("spooled", flat=True))
    left -= set(Sheet.objects.exclude(bundle="").values_list("bundle", flat=True))
    for name in left:
        log.warning("a file that nobody needs is destroyed in the spool: %s", name)
        spool.destroy(name)


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
        bundles.forget(sheet)

"""Writing the audit: events are collected and chained at the end of the outermost transaction."""

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.db import DatabaseError
from django.db import transaction as database
from django.utils import timezone

from archive import chain, errors
from archive.models import AuditEvent, AuditHead, AuditPrivate
from archive.queries import offices
from archive.services.log import heads, lag, verification
from archive.services.log.lag import Lag

DECISIONS = "decisions"
SYSTEM = "system"  # the actor of what no person started


class AuditError(errors.ArchiveError):
    """The audit was called where it cannot keep its promise."""


class Actor(Protocol):
    """Whoever acts: the chain names the account, a record's history what `str` says, the person."""

    def get_username(self) -> str: ...


@dataclass(frozen=True)
class _Pending:
    """An event that waits for the end of its transaction."""

    stream: str
    at: datetime
    event: str
    subject: str
    actor: str
    facts: Mapping[str, Any]
    private: Any
    salt: bytes = field(default_factory=partial(secrets.token_bytes, 32))


_collected: ContextVar[list[_Pending] | None] = ContextVar("overa_audit", default=None)


@contextmanager
def transaction() -> Iterator[None]:
    """Open a database transaction whose events are chained and written at its end.

    A nested call joins as a savepoint: if it fails and the caller goes on, its rows and its
    events both vanish. If the chain cannot be written nothing else is: LogUnwritableError.
    """
    outer = _collected.get()
    behind = lag.require_bearable() if outer is None else None
    events: list[_Pending] = [] if outer is None else outer
    mark = len(events)
    try:
        with database.atomic():
            with _collecting(events):
                yield
            if behind is not None:
                _write(events, behind)
    except BaseException:
        del events[mark:]
        raise


@contextmanager
def _collecting(events: list[_Pending]) -> Iterator[None]:
    """Take events until here: what is done on commit opens a transaction of its own."""
    token = _collected.set(events)
    try:
        yield
    finally:
        _collected.reset(token)


def append(
    event: str,
    *,
    subject: object,
    by: Actor | None,
    stream: str = DECISIONS,
    facts: Mapping[str, Any] | None = None,
    private: Any = None,
) -> None:
    """Note an event of the transaction that is open; `by=None` is the system itself.

    `facts` (plain JSON) is hashed in clear, so it holds no personal data of the citizen; that
    goes to `private`, which is sealed and only committed to.
    """
    events = _collected.get()
    if events is None:
        raise AuditError(f"{event}: the audit is written inside of audit.transaction() only")
    actor = SYSTEM if by is None else by.get_username()
    now = timezone.now()
    stored = chain.plain(facts or {})
    pending = _Pending(stream, now, event, str(subject), actor, stored, chain.plain(private))
    events.append(pending)


def refuse(
    event: str,
    *,
    subject: object,
    by: Actor | None,
    reason: str,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write, in a transaction of its own, that `event` was tried and refused.

    Called after the refused work was rolled back: inside of it the refusal would vanish with it.
    """
    if _collected.get() is not None:
        raise AuditError(f"{event}: a refusal is written after its transaction has ended")
    with transaction():
        append(
            f"{event}.refused", subject=subject, by=by, facts={**(facts or {}), "reason": reason}
        )


def view(
    subject: object,
    *,
    by: Actor,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    private: Any = None,
) -> None:
    """Write that somebody looked at personal data, to the stream of the viewer's office."""
    stream = f"views.{offices.code(by) or 'none'}"
    seen = {**(facts or {}), **({"reason": reason} if reason else {})}
    joined = _collected.get() is not None
    with nullcontext() if joined else transaction():
        append("viewed", subject=subject, by=by, stream=stream, facts=seen, private=private)


def sign_head() -> None:
    """Sign the heads of all streams now; see `archive.services.log.heads`."""
    if _collected.get() is not None:
        raise AuditError("heads are signed after the transaction: its events may still vanish")
    heads.sign_head()


def verify() -> verification.Report:
    """Check all streams against the signed heads; see `archive.services.log.verification`."""
    return verification.verify()


def _write(events: list[_Pending], behind: Lag) -> None:
    try:
        begun = _extend_all(events)
    except DatabaseError as fault:
        raise errors.LogUnwritableError("chain") from fault
    if begun or Lag(behind.events + len(events), behind.since).due:
        database.on_commit(heads.sign_if_possible, robust=True)


def _extend_all(events: list[_Pending]) -> bool:
    """Chain events to their streams; tell whether one of these began with them."""
    streams: dict[str, list[_Pending]] = defaultdict(list)
    for event in events:
        streams[event.stream].append(event)
    begun = [_extend(stream, streams[stream]) for stream in sorted(streams)]
    return any(begun)


def _extend(stream: str, events: list[_Pending]) -> bool:
    """Chain `events` to their stream under the lock of its head; tell whether it is a new one."""
    head = _locked(stream)
    begun = head.number == 0
    for event in events:
        head.number += 1
        head.hash = _insert(event, head.number, head.hash)
    head.unsigned_since = head.unsigned_since or events[0].at
    head.save()
    return begun


def _locked(stream: str) -> AuditHead:
    heads = AuditHead.objects.select_for_update(no_key=True).filter(stream=stream)
    found = heads.first()
    if found is None:
        AuditHead.objects.get_or_create(stream=stream)
        found = heads.get()
    return found


def _insert(pending: _Pending, number: int, previous: str) -> str:
    commitment = "" if pending.private is None else chain.commit(pending.salt, pending.private)
    row = AuditEvent(
        stream=pending.stream,
        number=number,
        at=pending.at,
        event=pending.event,
        subject=pending.subject,
        actor=pending.actor,
        facts=pending.facts,
        commitment=commitment,
        previous=previous,
    )
    row.hash = chain.link(previous, row.link().event)
    row.save(force_insert=True)
    if pending.private is not None:
        AuditPrivate.objects.create(event=row, salt=pending.salt, data=pending.private)
    return row.hash

"""Slices of the audit: the events about one thing, each shown to lie in the signed log.

What belongs to others stays hidden: of their events only hashes are given, and no more of them
than a path through the tree of a signed head needs.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q

from archive import errors, tree
from archive.models import AuditEvent, AuditPrivate
from archive.services import audit, heads


class UncoveredError(errors.ArchiveError):
    """An event lies in no tree of the heads file: the file is not the one of this log."""

    def __init__(self, number: int) -> None:
        super().__init__(f"event {number}")
        self.number = number


@dataclass(frozen=True)
class _Tree:
    """A tree of the stream, as a line of the heads file names it."""

    line: bytes
    first: int
    last: int


def of(about: Q) -> tuple[list[dict[str, Any]], bytes]:
    """Return the decisions that fit, with their proofs, and the lines of heads that these need.

    Call it after `audit.sign_head()`. Raises UncoveredError.
    """
    rows = AuditEvent.objects.filter(about, stream=audit.DECISIONS)
    trees = sorted(_trees(heads.heads_file()), key=lambda each: each.last)
    grown: dict[_Tree, list[str]] = {}
    told = []
    for event in rows.order_by("number"):
        covering = _covering(trees, event.number)
        if covering not in grown:
            grown[covering] = heads.hashes(audit.DECISIONS, covering.first, covering.last)
        told.append(_told(event, covering, grown[covering]))
    return told, b"".join(each.line + b"\n" for each in grown)


def _trees(file: Path) -> Iterator[_Tree]:
    for _number, line in heads.read_lines(file) if file.exists() else ():
        if audit.DECISIONS in (body := json.loads(line)).get("trees", {}):
            first, _root = body["trees"][audit.DECISIONS]
            yield _Tree(line, first, body["streams"][audit.DECISIONS][0])


def _covering(trees: list[_Tree], number: int) -> _Tree:
    found = next((each for each in trees if each.first <= number <= each.last), None)
    if found is None:
        raise UncoveredError(number)
    return found


def _told(row: AuditEvent, covering: _Tree, hashes: list[str]) -> dict[str, Any]:
    link = row.link()
    body = {**vars(link.event), "facts": dict(link.event.facts), "previous": link.previous}
    return {
        "event": body,
        "hash": link.hash,
        "private": _private(row),
        "head": json.loads(covering.line)["at"],
        "path": tree.path(hashes, row.number - covering.first),
    }


def _private(row: AuditEvent) -> Mapping[str, Any] | None:
    """Return what the event committed to, with the salt; None where it was disposed of."""
    kept = AuditPrivate.objects.filter(event=row).first()
    return None if kept is None else {"salt": bytes(kept.salt).hex(), "data": kept.data}

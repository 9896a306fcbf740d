"""Slices of the audit: the events about one thing, each shown to lie in the signed log.

What belongs to others stays hidden: of their events only hashes are given, and no more of them
than a path through the tree of a signed head needs.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from django.db.models import F, Q

from archive import errors, tree
from archive.models import AuditEvent, AuditHead
from archive.services import audit
from archive.services.log import heads


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
    hashes: list[str]


_numbers = partial(array, "Q")


@dataclass(frozen=True)
class Trees:
    """Which decisions each tree of the heads file covers, and where its line begins in the file.

    Years of heads are read once, and kept as three numbers of each.
    """

    file: Path
    firsts: "array[int]" = field(default_factory=_numbers)
    lasts: "array[int]" = field(default_factory=_numbers)
    offsets: "array[int]" = field(default_factory=_numbers)

    @classmethod
    def read(cls) -> Self:
        trees, offset = cls(heads.heads_file()), 0
        with trees.file.open("rb") as lines:
            for line in lines:
                trees._add(heads.body(line), offset)
                offset += len(line)
        return trees

    def _add(self, body: Mapping[str, Any], offset: int) -> None:
        if audit.DECISIONS in body.get("trees", {}):
            self.firsts.append(body["trees"][audit.DECISIONS][0])
            self.lasts.append(body["streams"][audit.DECISIONS][0])
            self.offsets.append(offset)

    @property
    def until(self) -> int:
        """The last event that is covered; what is written by now is of the next head."""
        return self.lasts[-1] if self.lasts else 0

    def place(self, number: int) -> int:
        """Return which tree an event lies in. Raises UncoveredError."""
        found = bisect_left(self.lasts, number)
        if not self.firsts[found] <= number <= self.lasts[found]:
            raise UncoveredError(number)
        return found

    def tree(self, place: int) -> _Tree:
        """Return a tree, its hashes from the log. Raises UncoveredError where that has not all."""
        first, last = self.firsts[place], self.lasts[place]
        hashes = heads.hashes(audit.DECISIONS, first, last)
        if len(hashes) != last - first + 1:
            raise UncoveredError(last)
        with self.file.open("rb") as lines:
            lines.seek(self.offsets[place])
            return _Tree(lines.readline().removesuffix(b"\n"), first, hashes)


def of(about: Q, trees: Trees | None = None) -> tuple[list[dict[str, Any]], bytes]:
    """Return the decisions that fit, with their proofs, and the lines of heads that these need.

    Call it after `audit.sign_head()`; what is written later is left out. Raises UncoveredError.
    """
    trees = trees or Trees.read()
    rows = AuditEvent.objects.filter(about, stream=audit.DECISIONS, number__lte=trees.until)
    told, lines = [], []
    for at, events in groupby(
        rows.select_related("private").order_by("number"), lambda each: trees.place(each.number)
    ):
        covering = trees.tree(at)
        lines.append(covering.line + b"\n")
        told += [_told(each, covering) for each in events]
    return told, b"".join(lines)


def covered() -> bool:
    """Tell whether signed heads cover every decision that the transaction can see."""
    behind = AuditHead.objects.filter(stream=audit.DECISIONS, number__gt=F("signed"))
    return not behind.exists()


def _told(row: AuditEvent, covering: _Tree) -> dict[str, Any]:
    link = row.link()
    body = {**vars(link.event), "facts": dict(link.event.facts), "previous": link.previous}
    return {
        "event": body,
        "hash": link.hash,
        "private": _private(row),
        "head": json.loads(covering.line)["at"],
        "path": tree.path(covering.hashes, row.number - covering.first),
    }


def _private(row: AuditEvent) -> Mapping[str, Any] | None:
    """Return what the event committed to, with the salt; None where it was disposed of."""
    kept = getattr(row, "private", None)
    return None if kept is None else {"salt": bytes(kept.salt).hex(), "data": kept.data}

"""Holding records back from disposal: set by an order, confirmed or lifted by its reviewer."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils import timezone

from archive import queries
from archive.models import Hold, HoldReview, Record, RecordEvent
from archive.queries import holds as found
from archive.services import audit, refusals
from archive.services.disposal import disposal_refusals

ADD = "archive.add_hold"


class Person(queries.Viewer, Protocol):
    """Whoever acts: an account with rights; `str` is the person's name."""


@dataclass(frozen=True)
class Mandate:
    """Whose order it is, by which document, and why."""

    ordered_by: str
    document_number: str
    document_on: date
    reason: str

    @property
    def complete(self) -> bool:
        return all((self.ordered_by.strip(), self.document_number.strip(), self.reason.strip()))


def hold(
    records: Iterable[Record], mandate: Mandate, *, reviewer: Person, review_on: date, by: Person
) -> Hold:
    """Exempt records from disposal until the hold is lifted. Raises RefusedError.

    Records of a disposal that is under way may be held: they are spared when their turn comes.
    """
    numbers = sorted({each.pk for each in records})
    with refusals.logged("hold.set", subject="holds", by=by):
        _check(mandate, reviewer, review_on, by)
        rows = _locked(numbers)
        made = Hold.objects.create(
            **vars(mandate),
            set_at=timezone.now(),
            set_by=by.get_username(),
            set_by_name=str(by),
            reviewer=reviewer.get_username(),
            reviewer_name=str(reviewer),
            review_on=review_on,
        )
        made.records.set(rows)
        _tell(rows, RecordEvent.Kind.HELD, made, by)
        audit.append(
            "hold.set",
            subject=made,
            by=by,
            facts={"records": [each.file_number for each in rows]}
            | {"document": made.document_number, "of": made.document_on.isoformat()}
            | {"reviewer": made.reviewer, "review_on": review_on.isoformat()},
            private={"ordered_by": made.ordered_by, "reason": made.reason},
        )
    return made


def confirm(number: int, note: str, *, review_on: date, by: Person) -> Hold:
    """Say that a hold is still needed, and when it is looked at next; its reviewer's alone."""
    with _row(number, "hold.confirm", by) as row:
        if by.get_username() != row.reviewer:
            raise disposal_refusals.NotReviewerError
        if review_on <= timezone.localdate():
            raise disposal_refusals.DateError(field="review_on")
        _require_reason(note)
        row.review_on = review_on
        row.save(update_fields=["review_on"])
        HoldReview.objects.create(
            hold=row,
            at=timezone.now(),
            by=by.get_username(),
            by_name=str(by),
            note=note.strip(),
            review_on=review_on,
        )
        facts = {"review_on": review_on.isoformat()}
        audit.append("hold.confirm", subject=row, by=by, facts=facts, private={"note": note})
    return row


def lift(number: int, reason: str, *, by: Person) -> Hold:
    """End a hold; its records go the way of their terms again."""
    with _row(number, "hold.lift", by) as row:
        _require_reason(reason)
        row.lifted_at, row.lifted_reason = timezone.now(), reason.strip()
        row.lifted_by, row.lifted_by_name = by.get_username(), str(by)
        row.save()
        rows = list(row.records.order_by("pk"))
        _tell(rows, RecordEvent.Kind.RELEASED, row, by)
        facts = {"records": [each.file_number for each in rows]}
        audit.append("hold.lift", subject=row, by=by, facts=facts, private={"reason": reason})
    return row


@contextmanager
def _row(number: int, event: str, by: Person) -> Iterator[Hold]:
    """Give a hold in force, locked, to somebody who may lift it."""
    with refusals.logged(event, subject=f"hold {number}", by=by):
        row = Hold.objects.select_for_update(no_key=True).get(pk=number)
        if not by.has_perm(found.LIFT):
            raise disposal_refusals.NoRightError
        if row.lifted_at:
            raise disposal_refusals.LiftedError
        yield row


def _check(mandate: Mandate, reviewer: Person, review_on: date, by: Person) -> None:
    if not by.has_perm(ADD):
        raise disposal_refusals.NoRightError
    if not mandate.complete:
        raise refusals.ReasonMissingError
    if mandate.document_on > timezone.localdate():
        raise disposal_refusals.DateError(field="document_on")
    if review_on <= timezone.localdate():
        raise disposal_refusals.DateError(field="review_on")
    if reviewer.get_username() == by.get_username() or not reviewer.has_perm(found.LIFT):
        raise disposal_refusals.ReviewerError


def _locked(numbers: Sequence[int]) -> list[Record]:
    """Lock the records: one that is being destroyed now ends destroyed or held, never both."""
    if not numbers:
        raise disposal_refusals.EmptySelectionError
    records = Record.objects.select_for_update(no_key=True).filter(pk__in=numbers)
    rows = list(records.order_by("pk"))
    gone = [each.file_number for each in rows if each.destroyed]
    if gone:
        raise disposal_refusals.DestroyedRecordError(records=", ".join(gone))
    return rows


def _tell(rows: Sequence[Record], kind: RecordEvent.Kind, made: Hold, by: Person) -> None:
    now, text = timezone.now(), f"{made.ordered_by}, {made.document_number}"
    RecordEvent.objects.bulk_create(
        RecordEvent(record=each, at=now, kind=kind, text=text[:300], actor=str(by)) for each in rows
    )


def _require_reason(text: str) -> None:
    if not text.strip():
        raise refusals.ReasonMissingError

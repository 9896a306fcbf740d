"""Who has which paper now, and what is lent."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from archive import queries
from archive.models import CustodyEntry, Loan, Record
from archive.models.custody import FOLDER


def on_loan(records: Iterable[Record] | QuerySet[Record]) -> QuerySet[Loan]:
    """Return the open loans of records: whoever destroys or moves them asks here first."""
    return Loan.objects.filter(record__in=records, returned_at=None)


def loans(
    viewer: queries.Viewer, *, only: str = "open", today: date | None = None
) -> QuerySet[Loan]:
    """Return the loans of records that may be seen: "open", "overdue" or "returned"."""
    seen = Loan.objects.filter(record__in=queries.visible_to(viewer))
    found = seen.select_related("record__place")
    if only == "returned":
        return found.exclude(returned_at=None).order_by("-returned_at", "-id")
    still = found.filter(returned_at=None).order_by("due_on", "id")
    return still.filter(due_on__lt=today or timezone.localdate()) if only == "overdue" else still


def ledger(record: Record) -> list[CustodyEntry]:
    """Return the whole ledger, the oldest entry first."""
    return list(record.custody.order_by("since", "id"))


def holders(entries: Iterable[CustodyEntry]) -> list[CustodyEntry]:
    """Return the last entry of each thing, the folder first."""
    last = {entry.thing: entry for entry in sorted(entries, key=lambda each: each.pk)}
    return sorted(last.values(), key=lambda each: (each.kind != FOLDER, each.pk))

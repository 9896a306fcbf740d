"""The ledger of who has which paper: begun at the filing, closed when the paper is destroyed."""

from collections.abc import Iterator

from django.utils import timezone

from archive import errors
from archive.filing import Filing, moment
from archive.models import CustodyEntry, Loan, Place, Record
from archive.models.custody import FOLDER
from archive.services import audit

_HOLDERS = CustodyEntry.Holder


class OnLoanError(errors.ArchiveError):
    """The folder, or a copy out of it, is with somebody: first it has to come back."""

    def __init__(self, loan: Loan) -> None:
        super().__init__(f"{loan.record} is lent by revers {loan}")
        self.loan = loan


def begin(record: Record, filing: Filing) -> None:
    """Write who has what at the filing."""
    CustodyEntry.objects.bulk_create(_begun(record, filing))


def moved(record: Record, place: Place | None, *, by: str, reason: str = "") -> None:
    """Write that the folder lies in a place, or with the office where it has none."""
    CustodyEntry.objects.create(
        record=record,
        kind=FOLDER,
        holder=_HOLDERS.PLACE if place else _HOLDERS.OFFICE,
        place=place,
        where=place.path if place else "",
        since=timezone.now(),
        by=by,
        reason=reason,
    )


def destroyed(record: Record, *, by: audit.Actor, reason: str) -> None:
    """Close the ledger: the retained papers are no more, their place is free.

    For the disposal, inside of its transaction. `reason` names the record of destruction. Raises
    OnLoanError; doing it twice changes nothing.
    """
    with audit.transaction():
        row = Record.objects.select_for_update(no_key=True, of=("self",)).get(pk=record.pk)
        refuse_lent(row)
        if row.custody.filter(holder=_HOLDERS.DESTROYED).exists():
            return
        row.place = None
        row.save(update_fields=["place"])
        CustodyEntry.objects.create(
            record=row,
            kind=FOLDER,
            holder=_HOLDERS.DESTROYED,
            since=timezone.now(),
            by=str(by),
            reason=reason,
        )
        audit.append("custody.destroyed", subject=row.file_number, by=by, facts={"reason": reason})
    record.refresh_from_db()


def refuse_lent(record: Record) -> None:
    """Raise OnLoanError where the folder or a copy out of it is lent; the record is locked."""
    loan = record.loans.filter(returned_at=None).first()
    if loan:
        raise OnLoanError(loan)


def _begun(record: Record, filing: Filing) -> Iterator[CustodyEntry]:
    named = set()
    for told in filing.custody:
        named.add((told["kind"], told["copy"]))
        yield CustodyEntry(
            record=record,
            kind=told["kind"],
            copy=told["copy"],
            what=told["what"],
            holder=told["holder"],
            since=moment(told["since"]),
        )
    for paper in filing.papers:
        if (paper.kind, paper.copy) not in named:
            yield CustodyEntry(
                record=record,
                kind=paper.kind,
                copy=paper.copy,
                what=f"{paper.title} {paper.copy}",
                holder=_HOLDERS.OFFICE if paper.retained else _HOLDERS.CITIZEN,
                since=record.filed_at,
            )

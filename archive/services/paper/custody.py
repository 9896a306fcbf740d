"""The ledger of who has which paper: begun at the filing, closed when the paper is destroyed."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from archive.filing import Filing, moment
from archive.models import CustodyEntry, Loan, Record
from archive.models.custody import FOLDER
from archive.search import index
from archive.services import audit
from archive.services.paper.paper_refusals import DestroyedError, OnLoanError

_HOLDERS = CustodyEntry.Holder


def begin(record: Record, filing: Filing) -> None:
    """Write who has what at the filing."""
    CustodyEntry.objects.bulk_create(_begun(record, filing))


def locked(record: Record) -> Record:
    """Return the record, locked; raise DestroyedError where its papers are no more."""
    row = Record.objects.select_for_update(no_key=True, of=("self",)).get(pk=record.pk)
    if gone(row):
        raise DestroyedError(folder=str(row))
    return row


def open_loan(record: Record) -> Loan | None:
    return record.loans.filter(returned_at=None).first()


def placed(record: Record, *, by: audit.Actor, reason: str = "") -> None:
    """Write that the folder lies where it belongs: in its place, or with the office."""
    place = record.place
    _write(
        record,
        by,
        holder=_HOLDERS.PLACE if place else _HOLDERS.OFFICE,
        place=place,
        where=place.path if place else "",
        reason=reason,
    )


def lent(loan: Loan, *, by: audit.Actor) -> None:
    _write(
        loan.record,
        by,
        **_thing(loan),
        holder=_HOLDERS.LOAN,
        loan=loan,
        where=loan.who,
        reason=loan.purpose,
    )


def returned(loan: Loan, *, by: audit.Actor) -> None:
    """Write that a folder is in its place again, a copy in its folder."""
    if loan.whole:
        placed(loan.record, by=by, reason=loan.shown_number)
    else:
        _write(loan.record, by, **_thing(loan), holder=_HOLDERS.OFFICE, reason=loan.shown_number)


def destroyed(record: Record, *, by: audit.Actor | None, reason: str) -> None:
    """Close the ledger of a record that is destroyed; see `papers_destroyed`.

    For the disposal, inside of its transaction and before it writes the record's index; `reason`
    names the record of destruction. Who borrowed the papers and why is forgotten: it may name the
    person. Raises OnLoanError; doing it twice changes nothing.
    """
    with audit.transaction():
        row = _close(record, by, reason)
        row.loans.update(borrower="", institution="", purpose="")
        row.custody.filter(holder=_HOLDERS.LOAN).update(where="", reason="")
    record.refresh_from_db()


def papers_destroyed(record: Record, *, by: audit.Actor | None, reason: str) -> None:
    """Close the ledger: the retained papers are no more, their place is free; the record stays.

    Raises OnLoanError; doing it twice changes nothing.
    """
    with audit.transaction():
        index.write(_close(record, by, reason).entry())
    record.refresh_from_db()


def gone(record: Record) -> bool:
    return record.custody.filter(holder=_HOLDERS.DESTROYED).exists()


def _close(record: Record, by: audit.Actor | None, reason: str) -> Record:
    row = Record.objects.select_for_update(no_key=True, of=("self",)).get(pk=record.pk)
    if gone(row):
        return row
    loan = open_loan(row)
    if loan:
        raise OnLoanError(loan)
    row.place = None
    row.save(update_fields=["place"])
    _write(row, by, holder=_HOLDERS.DESTROYED, reason=reason)
    audit.append("custody.destroyed", subject=row.file_number, by=by, facts={"reason": reason})
    return row


def _write(record: Record, by: audit.Actor | None, *, kind: str = FOLDER, **told: Any) -> None:
    actor = str(by) if by else audit.SYSTEM
    CustodyEntry.objects.create(record=record, kind=kind, since=timezone.now(), by=actor, **told)


def _thing(loan: Loan) -> dict[str, Any]:
    return {"kind": loan.kind, "copy": loan.copy, "what": loan.what}


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

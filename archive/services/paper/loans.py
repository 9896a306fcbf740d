"""Lending a folder, or a copy out of it, by revers; and getting it back."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from archive.models import Loan, Record, RecordFile
from archive.models.custody import FOLDER
from archive.services import audit, numbering
from archive.services.paper import custody
from archive.services.paper.paper_refusals import (
    LoanTermError,
    NoSuchCopyError,
    NotLentError,
    OnLoanError,
    logged,
)
from archive.services.refusals import ReasonMissingError


@dataclass(frozen=True)
class Terms:
    """To whom, for what, until when; `paper` is a copy, None the whole folder."""

    borrower: str
    institution: str
    purpose: str
    due_on: date
    paper: RecordFile | None = None


def lend(record: Record, terms: Terms, *, by: audit.Actor) -> Loan:
    """Give a folder, or one copy, to somebody; the loan gets the next number of the year.

    Raises OnLoanError, DestroyedError, LoanTermError, NoSuchCopyError.
    """
    with logged("loan.lend", subject=record, by=by):
        row = custody.locked(record)
        loan = custody.open_loan(row)
        if loan:
            raise OnLoanError(loan)
        _check(terms)
        made = _made(row, terms, by)
        custody.lent(made, by=by)
        facts = {"number": made.shown_number, "what": [made.kind, made.copy]}
        facts |= {"due_on": made.due_on.isoformat()}
        private = {"who": made.who, "purpose": made.purpose}
        audit.append("loan.lend", subject=row.file_number, by=by, facts=facts, private=private)
    return made


def give_back(record: Record, *, by: audit.Actor) -> Loan:
    """Take back what is lent of a record. Raises NotLentError, DestroyedError."""
    with logged("loan.give_back", subject=record, by=by):
        row = custody.locked(record)
        loan = custody.open_loan(row)
        if loan is None:
            raise NotLentError(row)
        loan.returned_at, loan.received_by = timezone.now(), str(by)
        loan.save(update_fields=["returned_at", "received_by"])
        custody.returned(loan, by=by)
        facts = {"number": loan.shown_number, "overdue": loan.due_on < timezone.localdate()}
        audit.append("loan.give_back", subject=row.file_number, by=by, facts=facts)
    return loan


def prolong(loan: Loan, due_on: date, reason: str, *, by: audit.Actor) -> None:
    """Let somebody keep it longer. Raises NotLentError, LoanTermError, ReasonMissingError."""
    with logged("loan.prolong", subject=loan.record, by=by):
        row = custody.locked(loan.record)
        kept = custody.open_loan(row)
        if kept is None or kept.pk != loan.pk:
            raise NotLentError(row)
        if due_on < timezone.localdate():
            raise LoanTermError
        if not reason.strip():
            raise ReasonMissingError
        facts = {"number": kept.shown_number, "before": kept.due_on.isoformat()}
        kept.due_on = due_on
        kept.save(update_fields=["due_on"])
        facts |= {"due_on": due_on.isoformat()}
        private = {"reason": reason.strip()}
        audit.append("loan.prolong", subject=row.file_number, by=by, facts=facts, private=private)


def _check(terms: Terms) -> None:
    if terms.due_on < timezone.localdate():
        raise LoanTermError
    if terms.paper and not terms.paper.retained:
        raise NoSuchCopyError


def _made(record: Record, terms: Terms, by: audit.Actor) -> Loan:
    today = timezone.localdate()
    paper = terms.paper
    return Loan.objects.create(
        record=record,
        kind=paper.kind if paper else FOLDER,
        copy=paper.copy if paper else 0,
        what=f"{paper.title} {paper.copy}" if paper else "",
        year=today.year,
        number=numbering.take("revers", today.year),
        borrower=terms.borrower.strip(),
        institution=terms.institution.strip(),
        purpose=terms.purpose.strip(),
        lent_on=today,
        due_on=terms.due_on,
        lent_by=str(by),
    )

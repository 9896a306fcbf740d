"""What the keeping of paper refuses: a sentence that says what to do next, a line in the log."""

from contextlib import AbstractContextManager

from django.utils.translation import gettext, gettext_noop

from archive.models import Loan, Place, Record
from archive.services import audit, refusals
from archive.services.refusals import RefusedError


class OnLoanError(RefusedError):
    """The folder, or a copy out of it, is with somebody: first it has to come back."""

    reason = "on loan"
    message = gettext_noop(
        "%(folder)s is lent to %(who)s by revers %(number)s until %(due)s. It has to be returned"
        " first: scan it under “Loans”."
    )

    def __init__(self, loan: Loan) -> None:
        super().__init__(folder=str(loan.record), number=str(loan))
        self.loan = loan

    def sentence(self) -> str:
        told = {"who": self.loan.who, "due": f"{self.loan.due_on:%d.%m.%Y.}"}
        return gettext(self.message) % (self.facts | told)


class NotLentError(RefusedError):
    reason = "not lent"
    message = gettext_noop("%(folder)s is not lent, so nothing was returned. Its place: %(home)s.")

    def __init__(self, record: Record) -> None:
        home = record.place.path if record.place else gettext("no place yet")
        super().__init__(folder=str(record), home=home)


class DestroyedError(RefusedError):
    reason = "destroyed"
    message = gettext_noop(
        "%(folder)s was destroyed by the rule. If its papers lie before you, tell the manager."
    )


class ClosedPlaceError(RefusedError):
    reason = "closed"
    message = gettext_noop(
        "%(place)s is closed: nothing is put in. Open it again, or take another."
    )


class OtherOfficeError(RefusedError):
    reason = "another office's"
    message = gettext_noop("%(thing)s belongs to another office than %(place)s.")


class WrongPlaceError(RefusedError):
    """A kind of place that cannot stand there, or a place that would stand in itself."""

    reason = "wrong place"
    message = gettext_noop("%(thing)s cannot stand in %(place)s.")


class TakenNameError(RefusedError):
    reason = "name taken"
    message = gettext_noop("There is another “%(name)s” in the same place. Give it another name.")


class NotEmptyError(RefusedError):
    """Something lies or lay in it; the ledger names it for ever."""

    reason = "not empty"
    message = gettext_noop(
        "%(place)s cannot be removed: something lies in it, or once did. Close it instead."
    )


class LoanTermError(RefusedError):
    reason = "term"
    message = gettext_noop("The day of return cannot lie before today.")


class NoSuchCopyError(RefusedError):
    reason = "no such copy"
    message = gettext_noop("This copy is not in the folder: the citizen has it.")


class CheckEndedError(RefusedError):
    reason = "check ended"
    message = gettext_noop("This check was finished meanwhile. Begin a new one.")


def logged(
    event: str, *, subject: Record | Place | str, by: audit.Actor
) -> AbstractContextManager[None]:
    """Open the transaction of a service; what it refuses is rolled back, then logged."""
    return refusals.logged(event, subject=named(subject), by=by)


def named(subject: Record | Place | str) -> str:
    """Return how the log calls it: a record by its number, a place by its code."""
    return subject.code if isinstance(subject, Place) else str(subject)

"""What the list of categories and the archive book refuse: a sentence, and a line in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.utils.translation import gettext, gettext_noop

from archive import errors
from archive.services import audit


class KeepingError(errors.ArchiveError):
    """Root; `message` is an English msgid with %(name)s places, filled from `facts`."""

    reason: ClassVar[str]  # as the log calls it
    message: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        super().__init__(f"{self.reason}: {facts}")
        self.facts = facts

    def sentence(self) -> str:
        """Return what people read, in their language."""
        return gettext(self.message) % self.facts


class ListUnderWayError(KeepingError):
    reason = "another draft"
    message = gettext_noop("A version is being written already: put it in force or discard it.")


class NoDraftError(KeepingError):
    reason = "no draft"
    message = gettext_noop("This version is not being written any more. Look at the list again.")


class AnothersDraftError(KeepingError):
    """Facts: `author`."""

    reason = "another's draft"
    message = gettext_noop(
        "%(author)s writes this version: only they change it, somebody else puts it in force."
    )


class OwnListError(KeepingError):
    reason = "same person"
    message = gettext_noop("You wrote this version, so somebody else has to put it in force.")


class ChangedListError(KeepingError):
    reason = "changed meanwhile"
    message = gettext_noop("The version was changed since you opened it. Read it again.")


class ConsentMissingError(KeepingError):
    reason = "no consent"
    message = gettext_noop(
        "Write the number and the date of the public archive's consent to the list first."
    )


class ListDateError(KeepingError):
    reason = "date"
    message = gettext_noop(
        "A version counts from today at the earliest, and not from before the one in force."
    )


class UncoveredCasesError(KeepingError):
    """Cases that no category takes; facts: `cases`, in words."""

    reason = "uncovered cases"
    message = gettext_noop("These cases have no category: %(cases)s. Every case needs one.")


class ReasonMissingError(KeepingError):
    reason = "no reason"
    message = gettext_noop("Write the reason.")


class NothingToApplyError(KeepingError):
    reason = "nothing to apply"
    message = gettext_noop("Every record stands under the list in force; nothing is to be done.")


class YearNotOverError(KeepingError):
    """Facts: `year`."""

    reason = "year not over"
    message = gettext_noop("The year %(year)s is not over. It can be closed from 1 January on.")


class NothingToCloseError(KeepingError):
    """Facts: `year`."""

    reason = "nothing to close"
    message = gettext_noop("Nothing of %(year)s waits for a number.")


class NotNumberedError(KeepingError):
    reason = "not numbered"
    message = gettext_noop("Only an entry with a number that is not cancelled can be cancelled.")


class StruckError(KeepingError):
    """Facts: `number`."""

    reason = "destroyed records"
    message = gettext_noop(
        "Records of entry %(number)s were destroyed or handed over: it cannot be cancelled."
    )


class NotEnteredError(KeepingError):
    """Records that stand in no numbered entry; facts: `records`, file numbers."""

    reason = "not in the book"
    message = gettext_noop(
        "These records do not stand in the archive book: %(records)s. Close their year first."
    )


@contextmanager
def logged(event: str, *, subject: object, by: audit.Actor | None) -> Iterator[None]:
    """Open the transaction of a service; what it refuses is rolled back, then logged."""
    try:
        with audit.transaction():
            yield
    except KeepingError as refused:
        audit.refuse(event, subject=subject, by=by, reason=refused.reason, facts=refused.facts)
        raise

"""What the list of categories and the archive book refuse: a sentence, and a line in the log."""

from django.utils.translation import gettext_noop

from archive.services.refusals import RefusedError


class ListUnderWayError(RefusedError):
    reason = "another draft"
    message = gettext_noop("A version is being written already: put it in force or discard it.")


class NoDraftError(RefusedError):
    reason = "no draft"
    message = gettext_noop("This version is not being written any more. Look at the list again.")


class AnothersDraftError(RefusedError):
    """Facts: `author`."""

    reason = "another's draft"
    message = gettext_noop(
        "%(author)s writes this version: only they change it, somebody else puts it in force."
    )


class OwnListError(RefusedError):
    reason = "same person"
    message = gettext_noop("You wrote this version, so somebody else has to put it in force.")


class ChangedListError(RefusedError):
    reason = "changed meanwhile"
    message = gettext_noop("The version was changed since you opened it. Read it again.")


class ConsentMissingError(RefusedError):
    reason = "no consent"
    message = gettext_noop(
        "Write the number and the date of the public archive's consent to the list first."
    )


class ListDateError(RefusedError):
    reason = "date"
    message = gettext_noop(
        "A version counts from today at the earliest, and not from before the one in force."
    )


class UncoveredCasesError(RefusedError):
    """Cases that no category takes; facts: `cases`, in words."""

    reason = "uncovered cases"
    message = gettext_noop("These cases have no category: %(cases)s. Every case needs one.")


class NothingToApplyError(RefusedError):
    reason = "nothing to apply"
    message = gettext_noop("Every record stands under the list in force; nothing is to be done.")


class YearNotOverError(RefusedError):
    """Facts: `year`."""

    reason = "year not over"
    message = gettext_noop("The year %(year)s is not over. It can be closed from 1 January on.")


class NothingToCloseError(RefusedError):
    """Facts: `year`."""

    reason = "nothing to close"
    message = gettext_noop("Nothing of %(year)s waits for a number.")


class NotNumberedError(RefusedError):
    reason = "not numbered"
    message = gettext_noop("Only an entry with a number that is not cancelled can be cancelled.")


class StruckError(RefusedError):
    """Facts: `number`."""

    reason = "destroyed records"
    message = gettext_noop(
        "Records of entry %(number)s were destroyed or handed over: it cannot be cancelled."
    )


class NotEnteredError(RefusedError):
    """Records that stand in no numbered entry; facts: `records`, file numbers."""

    reason = "not in the book"
    message = gettext_noop(
        "These records do not stand in the archive book: %(records)s. Close their year first."
    )

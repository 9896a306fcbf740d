"""What holds and disposals refuse."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from archive.disposal import Obstacle
from archive.models.disposals import OBSTACLES
from archive.services.refusals import RefusedError


class NoRightError(RefusedError):
    reason = "no right"
    message = gettext_noop("Your role does not allow this step.")


class NotNowError(RefusedError):
    reason = "not now"
    message = gettext_noop("This step is not possible from where the disposal stands. Look again.")


class SamePersonError(RefusedError):
    """Who took an earlier step may not take this one."""

    reason = "same person"
    message = gettext_noop(
        "You took an earlier step of this disposal, so this one is for somebody else."
    )


class EmptySelectionError(RefusedError):
    reason = "empty selection"
    message = gettext_noop("No record is chosen. Choose at least one.")


class NothingLeftError(RefusedError):
    reason = "nothing left"
    message = gettext_noop(
        "No record of this disposal may be destroyed: everything is rejected, held, on loan or not"
        " expired. Cancel it."
    )


class UndecidedError(RefusedError):
    """Facts: `left`, how many records have no decision."""

    reason = "undecided"
    message = gettext_noop("Decide every record first; without a decision: %(left)s.")


class DateError(RefusedError):
    """A day that cannot be; facts: `field`."""

    reason = "date"
    message = gettext_noop("This date cannot be right. Look at it again.")


class WrongNumberError(RefusedError):
    """What was typed as confirmation is not the number of the disposal."""

    reason = "wrong number"
    message = gettext_noop("What you typed is not the number of this disposal. Nothing was done.")


class ApprovalMissingError(RefusedError):
    reason = "no approval"
    message = gettext_noop("Write the number of the public archive's approval.")


class WayMissingError(RefusedError):
    reason = "no way"
    message = gettext_noop("Write how and where the paper was destroyed.")


class CoolingError(RefusedError):
    reason = "cooling off"
    message = gettext_noop("Nothing is destroyed before %(until)s. Until then it can be cancelled.")

    def __init__(self, until: datetime) -> None:
        super().__init__(until=timezone.localtime(until).strftime("%d.%m.%Y. %H:%M"))


class ObstructedError(RefusedError):
    """Records that may not be destroyed; facts: `records`, file numbers and why."""

    reason = "obstacles"
    message = gettext_noop("These records may not be destroyed: %(records)s.")

    def __init__(self, obstacles: Sequence[tuple[str, str]]) -> None:
        super().__init__(records=[list(each) for each in obstacles])

    def sentence(self) -> str:
        named = ", ".join(
            f"{number} ({OBSTACLES[Obstacle(why)]})" for number, why in self.facts["records"]
        )
        return gettext(self.message) % {"records": named}


class ReviewerError(RefusedError):
    reason = "reviewer"
    message = gettext_noop("Choose as reviewer somebody else who may lift holds.")


class NotReviewerError(RefusedError):
    reason = "not the reviewer"
    message = gettext_noop("Only the reviewer of this hold may confirm it.")


class LiftedError(RefusedError):
    reason = "lifted"
    message = gettext_noop("This hold was lifted already.")


class UnknownRecordsError(RefusedError):
    """Facts: `count`; what was typed may be a person's number and is not logged."""

    reason = "unknown records"
    message = gettext_noop("Not found: %(typed)s. Correct or remove these lines.")

    def __init__(self, typed: Sequence[str]) -> None:
        super().__init__(count=len(typed))
        self.typed = tuple(typed)

    def sentence(self) -> str:
        return gettext(self.message) % {"typed": ", ".join(self.typed)}


class DestroyedRecordError(RefusedError):
    reason = "destroyed"
    message = gettext_noop("These records are destroyed already: %(records)s.")

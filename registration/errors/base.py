"""What the counter refuses whatever it was asked, and the root of all that it refuses."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext

from registration.rules.findings import Finding, gettext_noop


class RegistrationError(Exception):
    """Root; `message` is an English msgid with %(name)s places, filled from `facts`."""

    message: ClassVar[str] = gettext_noop(
        "This did not work. Try again; if it stays, call the administrator."
    )

    def __init__(self, **facts: Any) -> None:
        super().__init__(type(self).__name__)
        self.facts = facts

    def sentence(self) -> str:
        """Return what the officer reads, in the officer's language."""
        return gettext(self.message) % self.facts


class BlockedError(RegistrationError):
    """Rules found what stops the case; the findings say where and why."""

    message = gettext_noop("The case cannot go on like this: see what is marked below.")

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)


class ForeignOfficeError(RegistrationError):
    message = gettext_noop("This case belongs to another office. Only its own officers may act.")


class NotAllowedError(RegistrationError):
    message = gettext_noop("Your role does not allow this step. Ask an officer of the office.")


class ReasonMissingError(RegistrationError):
    message = gettext_noop("Say why you need the full numbers.")


class NotNowError(RegistrationError):
    """The workflow has no such step from where the case stands."""

    message = gettext_noop(
        "The case has moved on meanwhile: this step is not possible any more. See where it stands."
    )


class ChangedMeanwhileError(RegistrationError):
    message = gettext_noop("Somebody changed the case meanwhile. Look at it, then try again.")

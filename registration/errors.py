"""What the counter refuses: each error is a sentence that says what to do next."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext

from registration.rules import digits
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


class OpenCaseError(RegistrationError):
    """A person has one open case at a time, whichever office it stands at."""

    message = gettext_noop(
        "This person has an open case already: %(number)s, %(office)s. Go on with that one, or end"
        " it first."
    )

    def __init__(self, number: str, office: str) -> None:
        super().__init__(number=digits.case_number(number), office=office)


class PaperMissingError(RegistrationError):
    message = gettext_noop(
        "No version of the paper “%(kind)s” is valid today. Tell the administrator."
    )


class UnprintableError(RegistrationError):
    message = gettext_noop(
        "These letters cannot be printed: %(letters)s. Write the name as the identity card has it."
    )


class NothingToPrintError(RegistrationError):
    message = gettext_noop("Tick the papers that are to be printed again.")


class WordingError(RegistrationError):
    """The wording of a paper cannot be printed."""

    message = gettext_noop(
        "This cannot be printed: %(what)s is not known to the paper. Correct the text, then try"
        " again."
    )

    def __init__(self, what: str) -> None:
        super().__init__(what=what)


class WordingUnderWayError(RegistrationError):
    message = gettext_noop("A new wording of this paper is being written already. Go on with it.")


class OwnWordingError(RegistrationError):
    message = gettext_noop("Who wrote a wording cannot approve it. Ask a second person.")


class WordingDateError(RegistrationError):
    message = gettext_noop(
        "The day from which the wording is valid has passed. Give it back and write another day."
    )


class SignatureError(RegistrationError):
    message = gettext_noop(
        "One of the ticked signatures does not belong to the papers that count now. Look at the"
        " list again."
    )


class StackReceivedError(RegistrationError):
    message = gettext_noop("This file came in already and is being worked on. See it in the list.")


class PageNotCountingError(RegistrationError):
    message = gettext_noop(
        "That page does not count: another print run took its place, or it is not of this office."
    )


class SheetNotPlacedError(RegistrationError):
    message = gettext_noop(
        "The picture does not look like that page. Choose another page, or scan the sheet again."
    )


class UnknownCodeError(RegistrationError):
    message = gettext_noop(
        "No page of this office has this number. Read the line below the code again, all groups."
    )


class UnansweredError(RegistrationError):
    message = gettext_noop("Say of every picture what it shows, then confirm.")


class ContradictedError(RegistrationError):
    message = gettext_noop(
        "On record this is signed (%(role)s), on the sheet it is not. Look again; if the sheet is"
        " right, take the tick back first."
    )


class FutureSignatureError(RegistrationError):
    message = gettext_noop("A signature cannot be dated in the future. Correct the date.")


class FutureDayError(RegistrationError):
    message = gettext_noop("That day is not over: choose today or an earlier day.")


class HandoverError(RegistrationError):
    message = gettext_noop(
        "Not everything is confirmed: tick each paper that stays, each paper that goes, and the"
        " identity card."
    )


class NothingToFileError(RegistrationError):
    message = gettext_noop("Nothing was signed in this case: there is nothing to file.")


class NotHandedOverError(RegistrationError):
    message = gettext_noop("Confirm the hand-over first, then file the case.")


class SealedAlreadyError(RegistrationError):
    message = gettext_noop("The paper is sealed already: there is nothing to give up.")


class EvidenceDamagedError(RegistrationError):
    message = gettext_noop(
        "The evidence is not complete: a stored file or the signed audit is missing or damaged."
        " Tell the administrator."
    )


class DeskError(RegistrationError):
    """Root of what hinders a desk."""


class ForeignDeskError(DeskError):
    message = gettext_noop("This desk belongs to another office. Choose one of your own.")


class SilentDeskError(DeskError):
    message = gettext_noop(
        "The desk does not answer. Look whether its program runs, then try again."
    )


class BusyDeskError(DeskError):
    message = gettext_noop("The desk is at work on another case. Wait until it is done.")


class DeskAtWorkError(DeskError):
    message = gettext_noop("The desk is at work on this case. Wait until it has answered.")


class GateError(RegistrationError):
    message = gettext_noop("Not everything is there yet: see what is missing above the button.")

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(missing=list(missing))


class PukTryError(RegistrationError):
    message = gettext_noop(
        "Trying again uses up another of the PUK's tries, and the last one blocks the card for"
        " good. Tick that you want it, or write down how the PIN was unblocked elsewhere."
    )


class OptionError(RegistrationError):
    message = gettext_noop(
        "The signed request circles another option than the case has. Correct the data and print"
        " the papers again."
    )


class CertificateError(RegistrationError):
    """No certificate of the person is there that the change could be made of."""

    message = gettext_noop(
        "The person has no such certificate, or its status does not allow this change. Look at the"
        " serial number and at where the certificate stands."
    )


class TooManyCertificatesError(RegistrationError):
    message = gettext_noop("One request names %(most)s certificates at most. Type their numbers.")


class StatusReasonError(RegistrationError):
    message = gettext_noop(
        "Only when the holder died does somebody else bring the request: write down who, or choose"
        " another reason."
    )


class BodyAskedError(RegistrationError):
    message = gettext_noop(
        "The certification body is being asked for this case. Wait until it has answered."
    )


class NotToldError(RegistrationError):
    message = gettext_noop("Note how the citizen was told of the change, then file the case.")


class EmailError(RegistrationError):
    message = gettext_noop(
        "The address differs from the one on record. Read it again from the signed request; if the"
        " paper is right, correct the data and print the papers again."
    )


class AlreadyMakingError(RegistrationError):
    message = gettext_noop("The certificate is being made already. See how far it is.")


class StillRunningError(RegistrationError):
    message = gettext_noop("The making still goes on. Wait until it stops, then give up.")


class TooLateError(RegistrationError):
    message = gettext_noop(
        "The certificate was handed over: it cannot be recalled here, it has to be revoked."
    )


class NotAcceptedError(RegistrationError):
    message = gettext_noop(
        "The certification body has not agreed to the certificate yet. Hand nothing over before"
        " that."
    )


class PersonGoneError(RegistrationError):
    message = gettext_noop(
        "The data of the person are not kept any more, neither here nor in the archive. Open a new"
        " case with the person's card."
    )


class CANotReachedError(RegistrationError):
    message = gettext_noop(
        "The certification body cannot be reached, so nothing was changed. Try again in a few"
        " minutes."
    )


class BodyGoneError(CANotReachedError):
    message = gettext_noop(
        "The certification body with which this was begun is not in the settings any more, so"
        " nothing was changed. Tell the administrator."
    )

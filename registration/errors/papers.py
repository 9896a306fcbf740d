"""What is refused around a case and its papers."""

from registration.errors.base import RegistrationError
from registration.rules import digits
from registration.rules.findings import gettext_noop


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
